import { inspect, type InspectOptions } from 'node:util';

import { bytesOf, pathOf, type PhotoBytes } from './bytes.js';
import { call, type CallOptions } from './call.js';
import { invalid } from './errors.js';
import { native, type NativePhoto } from './native.js';
import { toJson, type DecodeOptions, type EncodeOptions } from './options.js';
import type { ImageFormat } from './tables.js';

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

/** A picture in memory, upright, with straight (not premultiplied) alpha. It never changes. */
export class Photo {
  readonly #native: NativePhoto;

  static {
    nativeOf = (photo) => photo.#native;
    photoOf = (native) => new Photo(native);
  }

  /** Photos come from `open`, `decode` and `fromPixels`. */
  protected constructor(native: NativePhoto) {
    this.#native = native;
  }

  /** Reads a file; the content decides the format. */
  static open(path: string | URL, options: DecodeOptions = {}): Promise<Photo> {
    return read(options, () => pathOf(path));
  }

  /** Decodes the bytes of a file. */
  static decode(bytes: PhotoBytes, options: DecodeOptions = {}): Promise<Photo> {
    return read(options, () => bytesOf(bytes, options.signal, options.maxBytes));
  }

  /** A photo in sRGB from raw samples. */
  static async fromPixels(
    pixels: PixelsInput | SharpPixels,
    { signal }: Pick<CallOptions, 'signal'> = {},
  ): Promise<Photo> {
    const { data, ...layout } = 'info' in pixels ? ofSharp(pixels) : pixels;
    const samples =
      data instanceof Uint8ClampedArray ? new Uint8Array(data.buffer, data.byteOffset, data.length) : data;
    if (!(samples instanceof Uint8Array || samples instanceof Uint16Array)) {
      throw invalid('data is no Uint8Array, Uint8ClampedArray or Uint16Array');
    }
    return new Photo(await call({ signal }, (call) => native.photoFromPixels(samples, toJson(withBits(layout)), call)));
  }

  /** Width in pixels. */
  get width(): number {
    return this.#native.width;
  }

  /** Height in pixels. */
  get height(): number {
    return this.#native.height;
  }

  /** Samples a pixel: gray, gray and alpha, RGB, or RGBA. */
  get channels(): 1 | 2 | 3 | 4 {
    return this.#native.channels;
  }

  /** Bits a sample. */
  get depth(): 8 | 16 {
    return this.#native.depth;
  }

  /** Whether there is an alpha channel, be it fully opaque or not. */
  get hasAlpha(): boolean {
    return this.#native.hasAlpha;
  }

  /** The format of the file it was read from. */
  get format(): ImageFormat | null {
    return this.#native.format;
  }

  /** The ICC profile of the samples; without one they are sRGB. */
  get profile(): Buffer | null {
    return this.#native.profile;
  }

  /** The EXIF block of the file it was read from, from the TIFF header on, with orientation 1. */
  get exif(): Buffer | null {
    return this.#native.exif;
  }

  /** The XMP packet of the file it was read from. */
  get xmp(): Buffer | null {
    return this.#native.xmp;
  }

  /** @internal */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    const { width, height, channels, depth, format } = this;
    const facts = Object.assign({ width, height, channels, depth, format }, this);
    return `${this.constructor.name} ${inspect(facts, options)}`;
  }

  /** A copy of the samples. It goes as it is into `sharp(pixels.data, { raw: pixels })`. */
  async toPixels({ signal }: Pick<CallOptions, 'signal'> = {}): Promise<Pixels> {
    const { width, height, channels, depth } = this;
    const data = await call({ signal }, (call) => this.#native.pixels(call));
    return { data, width, height, channels, depth };
  }

  /** The photo as a file in memory, as PNG if no format is given. */
  encode({ signal, ...options }: EncodeOptions = {}): Promise<Buffer<ArrayBuffer>> {
    return call({ signal }, (call) => this.#native.encode(toJson(options), call));
  }

  /** Writes the photo in one step: on failure, a file that was there is untouched. */
  save(path: string | URL, { signal, ...options }: EncodeOptions = {}): Promise<void> {
    return call({ signal }, async (call) => this.#native.save(pathOf(path), toJson(options), call));
  }
}

async function read({ signal, ...options }: DecodeOptions, source: () => string | Promise<Uint8Array>): Promise<Photo> {
  return photoOf(await call({ signal }, async (call) => native.readPhoto(await source(), toJson(options), call)));
}

function ofSharp({ data, info: { width, height, channels, depth } }: SharpPixels) {
  return { data, width, height, channels, depth };
}

/** With the depth as a number, which sharp writes as a word. */
function withBits<T extends { depth?: unknown }>({ depth, ...shape }: T) {
  return { ...shape, depth: depth === 'uchar' ? 8 : depth === 'ushort' ? 16 : depth };
}
