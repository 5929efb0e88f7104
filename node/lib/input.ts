import { Readable } from 'node:stream';

import { bytesOf, collect, pathOf, type PhotoBytes } from './bytes.js';
import type { Given } from './native.js';
import { nativeOf, Photo } from './photo.js';

/** A photo: a path, a `file:` URL, the bytes of a file, or a photo that was decoded before. */
export type PhotoInput = string | URL | PhotoBytes | Photo;

/** A photo, or the picture of an option, and what it is called where it is none. */
export interface Named {
  what: string;
  input: PhotoInput;
}

/**
 * Calls `use` with what the native half takes for inputs: at once, so that photos may be closed when a call has begun; or if
 * there are streams, when they have been read up to `most` bytes.
 */
export async function lend<T>(
  inputs: readonly Named[],
  signal: AbortSignal | undefined,
  most: number,
  use: (given: Given[]) => T,
): Promise<Awaited<T>> {
  const sources = inputs.map(({ what, input }) => {
    if (input instanceof Photo) return input;
    if (typeof input === 'string' || input instanceof URL) return pathOf(input, 'fetch it, and give the Response');
    return bytesOf(input, `${what} is a path, bytes, a stream or a Photo`);
  });
  const read = sources.map((source) => (source instanceof Readable ? collect(source, signal, most) : source));
  const ready = read.some((source) => source instanceof Promise) ? await Promise.all(read) : read;
  return await use(ready.map((source) => (source instanceof Photo ? nativeOf(source) : (source as Given))));
}
