import { addAbortSignal, Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';

import { nameOf } from './arguments.js';
import { invalid } from './errors.js';

/**
 * The bytes of a file. Those of an array are not copied before the work starts: leave them alone until it is done. Of a
 * `Request` or a `Response`, the body; a `File` of a form is a `Blob`.
 */
export type PhotoBytes = Uint8Array | ArrayBuffer | Blob | Readable | ReadableStream | Request | Response;

/** What helps with what is no photo. */
const hints: Readonly<Record<string, string>> = {
  Array: 'one photo a call, or engine.batch for many',
  AsyncGenerator: 'Readable.from makes a stream of it',
  Float32Array: 'samples go through Photo.fromPixels, as whole numbers',
  FormData: "take the file from it, such as form.get('photo')",
  Promise: 'await it first',
  text: 'Photo.open reads a path',
  Uint8ClampedArray: 'samples go through Photo.fromPixels',
  Uint16Array: 'samples go through Photo.fromPixels',
};

/** The path of a file. */
export function pathOf(path: string | URL, hint = 'give a path or a file: URL'): string {
  if (typeof path === 'string') return path;
  if (!(path instanceof URL)) throw invalid(`a path is text or a URL, not ${nameOf(path)}`);
  if (path.protocol !== 'file:') throw invalid(`${path.href} is not on this machine: ${hint}`);
  return fileURLToPath(path);
}

/** The bytes of a file or a stream of them, of which nothing is read yet, from what `takes` says. */
export function bytesOf(input: PhotoBytes, takes: string): Uint8Array | Readable {
  if (input instanceof Uint8Array) return input;
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  const stream = streamOf(input);
  if (stream) return stream;
  const [name, hint] = [nameOf(input), hints[nameOf(input)]];
  throw invalid(`${takes}, not ${name}${hint ? `: ${hint}` : ''}`);
}

function streamOf(input: unknown): Readable | undefined {
  if (input instanceof Readable) return input;
  if (input instanceof Blob) return Readable.fromWeb(input.stream() as ReadableStream);
  if (input instanceof Request || input instanceof Response) {
    return input.body === null ? Readable.from([]) : Readable.fromWeb(input.body as ReadableStream);
  }
  if (input instanceof globalThis.ReadableStream) return Readable.fromWeb(input as ReadableStream);
  return undefined;
}

/** The bytes of a stream. It is read to soon after `most` of them: the core refuses more, in its own words. */
export async function collect(stream: Readable, signal: AbortSignal | undefined, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of signal ? addAbortSignal(signal, stream) : stream) {
    if (!(chunk instanceof Uint8Array)) throw invalid(`a stream of a photo gives bytes, not ${nameOf(chunk)}`);
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return Buffer.concat(chunks);
}
