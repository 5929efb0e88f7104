import { addAbortSignal, Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';

import { invalid } from './errors.js';
import { native } from './native.js';

/**
 * The bytes of a file. Those of an array are not copied before the work starts: leave them alone until it is done. Of a
 * `Request` or a `Response`, the body; a `File` of a form is a `Blob`.
 */
export type PhotoBytes = Uint8Array | ArrayBuffer | Blob | Readable | ReadableStream | Request | Response;

/** The path of a file. */
export function pathOf(path: string | URL): string {
  if (typeof path === 'string') return path;
  if (!(path instanceof URL)) throw invalid(`a path is text or a URL, not ${nameOf(path)}`);
  if (path.protocol !== 'file:') throw invalid(`${path.href} is no file: fetch it first, and give the bytes`);
  return fileURLToPath(path);
}

/** The bytes of a file. */
export async function bytesOf(input: PhotoBytes, signal?: AbortSignal, most?: number): Promise<Uint8Array> {
  if (input instanceof Uint8Array) return input;
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  const stream = streamOf(input);
  if (stream === undefined) throw invalid(`a photo is a path, bytes, a stream or a Photo, not ${nameOf(input)}`);
  return collect(signal ? addAbortSignal(signal, stream) : stream, most ?? native.mostBytes());
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

/** Stops soon after the limit: the core refuses what is longer, in its own words. */
async function collect(stream: Readable, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw invalid(`a stream of a photo gives bytes, not ${nameOf(chunk)}`);
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return Buffer.concat(chunks);
}

/** What something is, for a message. */
export function nameOf(value: unknown): string {
  return value === null ? 'null' : typeof value === 'object' ? (value.constructor?.name ?? 'an object') : typeof value;
}
