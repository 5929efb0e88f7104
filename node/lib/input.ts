import { bytesOf, pathOf, type PhotoBytes } from './bytes.js';
import type { Given } from './native.js';
import { nativeOf, Photo } from './photo.js';

/** A photo: a path, a `file:` URL, the bytes of a file, or a photo that was decoded before. */
export type PhotoInput = string | URL | PhotoBytes | Photo;

/** What the native half takes. Streams are read here, all else is only named. */
export async function given(input: PhotoInput, signal?: AbortSignal, most?: number): Promise<Given> {
  if (input instanceof Photo) return nativeOf(input);
  if (typeof input === 'string' || input instanceof URL) return pathOf(input);
  return bytesOf(input, signal, most);
}
