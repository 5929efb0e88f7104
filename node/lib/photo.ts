import { Readable } from 'node:stream';
import { inspect, type InspectOptions } from 'node:util';

import { isPlain, nameOf, optionsOf } from './arguments.js';
import { bytesOf, collect, pathOf, type PhotoBytes } from './bytes.js';
import { call, type CallOptions } from './call.js';
import { invalid } from './errors.js';
import { native, type NativePhoto } from './native.js';
import { toJson, type DecodeOptions, type EncodeOptions } from './options.js';
import { streamed } from './stream.js';
import type { ImageFormat } from './tables.js';
import { hideBase, Uncloneable } from './uncloneable.js';

/** Interleaved samples, row by row from the top left, without padding. */
export interface Pixels {
  /** 8 bits a sample, or 16. */
  data: Uint8Array | Uint16Array;
  /** Width in pixels, at least 1. */
  width: number;
  /** Height in pixels, at least 1. */
  height: number;
  /** Gray, gray and alpha, RGB, or RGBA. */
  channels: 1 | 2 | 3 | 4;
  /** Bits a sample. */
  depth: 8 | 16;
}

/** Samples, and what they mean. `depth` is only needed where samples of 16 bits come as bytes. */
export interface PixelsInput {
  /** The samples. They are not copied before the work starts: leave them alone until it is done. */
  data: Uint8Array | Uint8ClampedArray | Uint16Array;
  /** Width in pixels. */
  width: number;
  /** Height in pixels. */
  height: number;
  /** Samples a pixel, 1 to 4. */
  channels: number;
  /** Bits a sample; or the same in the words of sharp. */
  depth?: 8 | 16 | 'uchar' | 'ushort' | undefined;
}

/** What `sharp(…).raw().toBuffer({ resolveWithObject: true })` gives. */
interface SharpPixels {
  data: Uint8Array;
  info: { width: number; height: number; channels: number; depth?: string | undefined };
}

/** The native half of a photo. */
export let nativeOf: (photo: Photo) => NativePhoto;
/** The photo of a native half. */
export let photoOf: (native: NativePhoto) => Photo;

/**
 * A picture in memory, upright, with straight (not premultiplied) alpha. It never changes. It belongs to its thread: to
 * another one send `await photo.encode()` or `await photo.toPixels()`.
 */
export class Photo extends Uncloneable implements Disposable {
  #native: NativePhoto | undefined;

  static {
    hideBase(this);
    nativeOf = (photo) => photo.#open;
    photoOf = (native) => new Photo(native);
  }

  /** Photos come from `open`, `decode` and `fromPixels`. */
  protected constructor(half: NativePhoto) {
    super();
    if (!(half instanceof native.Photo)) {
      throw invalid('photos come from Photo.open, Photo.decode and Photo.fromPixels, and results from tools');
    }
    this.#native = half;
  }

  /** Reads a file; the content decides the format. */
  static open(path: string | URL, options: DecodeOptions = {}): Promise<Photo> {
    return read(options, () => pathOf(path));
  }

  /** Decodes the bytes of a file. */
  static decode(bytes: PhotoBytes, options: DecodeOptions = {}): Promise<Photo> {
    return read(options, ({ signal, maxBytes }) => {
      const source = bytesOf(bytes, 'Photo.decode takes the bytes of a file, or a stream of them');
      return source instanceof Readable ? collect(source, signal, maxBytes ?? native.mostBytes()) : source;
    });
  }

  /** A photo in sRGB from raw samples. */
  static async fromPixels(
    pixels: PixelsInput | SharpPixels,
    options: Pick<CallOptions, 'signal'> = {},
  ): Promise<Photo> {
    if (!isPlain(pixels)) throw invalid(`pixels are { data, width, height, channels }, not ${nameOf(pixels)}`);
    const { data, ...layout } = 'info' in pixels ? ofSharp(pixels) : pixels;
    const samples =
      data instanceof Uint8ClampedArray ? new Uint8Array(data.buffer, data.byteOffset, data.length) : data;
    if (!(samples instanceof Uint8Array || samples instanceof Uint16Array)) {
      throw invalid(`\`data\` is a Uint8Array, Uint8ClampedArray or Uint16Array, not ${nameOf(data)}`);
    }
    const json = toJson(withBits(layout));
    return new Photo(await call(optionsOf(options), (call) => native.photoFromPixels(samples, json, call)));
  }

  get #open(): NativePhoto {
    if (this.#native) return this.#native;
    throw invalid(`the ${this.constructor.name} is closed: close it after the last call that uses it`);
  }

  /** Frees the pixels, and those of its pictures such as the matte, now rather than some day. No call can use them then. */
  close(): void {
    this.#native?.close();
    this.#native = undefined;
    for (const picture of Object.values(this)) if (picture instanceof Photo) picture.close();
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Width in pixels. */
  get width(): number {
    return this.#open.width;
  }

  /** Height in pixels. */
  get height(): number {
    return this.#open.height;
  }

  /** Samples a pixel: gray, gray and alpha, RGB, or RGBA. */
  get channels(): 1 | 2 | 3 | 4 {
    return this.#open.channels;
  }

  /** Bits a sample. */
  get depth(): 8 | 16 {
    return this.#open.depth;
  }

  /** Whether there is an alpha channel, be it fully opaque or not. */
  get hasAlpha(): boolean {
    return this.#open.hasAlpha;
  }

  /** The format of the file it was read from. */
  get format(): ImageFormat | null {
    return this.#open.format;
  }

  /** The ICC profile of the samples; without one they are sRGB. */
  get profile(): Buffer | null {
    return this.#open.profile;
  }

  /** The EXIF block of the file it was read from, from the TIFF header on, with orientation 1. */
  get exif(): Buffer | null {
    return this.#open.exif;
  }

  /** The XMP packet of the file it was read from. */
  get xmp(): Buffer | null {
    return this.#open.xmp;
  }

  /** @internal */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    if (!this.#native) return `${this.constructor.name} (closed)`;
    const { width, height, channels, depth, format } = this;
    const facts = Object.assign({ width, height, channels, depth, format }, this);
    return `${this.constructor.name} ${inspect(facts, options)}`;
  }

  /** A copy of the samples. It goes as it is into `sharp(pixels.data, { raw: pixels })`. */
  async toPixels(options: Pick<CallOptions, 'signal'> = {}): Promise<Pixels> {
    const { width, height, channels, depth } = this;
    const data = await call(optionsOf(options), (call) => this.#open.pixels(call));
    return { data, width, height, channels, depth };
  }

  /** The photo as a file in memory, as PNG if no format is given. */
  async encode(options: EncodeOptions = {}): Promise<Buffer<ArrayBuffer>> {
    const { signal, ...rest } = optionsOf(options);
    return call({ signal }, (call) => this.#open.encode(toJson(rest), call));
  }

  /**
   * The same as a stream, for a `Response` or a file. It is encoded when somebody reads it: the photo has to be open then.
   */
  stream(options: EncodeOptions = {}): ReadableStream<Uint8Array> {
    const { signal, ...rest } = optionsOf(options);
    return streamed((cancelled) => {
      return this.encode({ ...rest, signal: signal ? AbortSignal.any([signal, cancelled]) : cancelled });
    });
  }

  /** Writes the photo in one step: on failure, a file that was there is untouched. */
  async save(path: string | URL, options: EncodeOptions = {}): Promise<void> {
    const { signal, ...rest } = optionsOf(options);
    return call({ signal }, async (call) => this.#open.save(pathOf(path), toJson(rest), call));
  }
}

async function read(
  options: DecodeOptions,
  source: (options: DecodeOptions) => string | Uint8Array | Promise<Uint8Array>,
): Promise<Photo> {
  const { signal, ...rest } = optionsOf(options);
  const work = call({ signal }, async (call) => native.readPhoto(await source({ signal, ...rest }), toJson(rest), call));
  return photoOf(await work);
}

function ofSharp({ data, info: { width, height, channels, depth } }: SharpPixels) {
  return { data, width, height, channels, depth };
}

/** With the depth as a number, which sharp writes as a word. */
function withBits<T extends { depth?: unknown }>({ depth, ...shape }: T) {
  return { ...shape, depth: depth === 'uchar' ? 8 : depth === 'ushort' ? 16 : depth };
}
