import { optionsOf } from './arguments.js';
import { pathOf } from './bytes.js';
import { call, type CallOptions } from './call.js';
import type { Note, Ran } from './facts.js';
import { native, type NativeRendition } from './native.js';
import type { ImageFormat } from './tables.js';
import { photoOf, type Photo } from './photo.js';
import { streamed } from './stream.js';
import type { ToolName } from './toolOptions.js';

/** What one step of a recipe did. */
export interface StepReport {
  /** The tool. */
  step: ToolName;
  /** Width of the picture after it, in pixels. */
  width: number;
  /** Height of the picture after it, in pixels. */
  height: number;
  /** Model, backend, and the time of each stage. */
  ran: Ran;
  /** The time of the whole step. */
  milliseconds: number;
}

/** The rendition of a native half. */
export let renditionOf: (native: NativeRendition) => Rendition;

/** What a recipe made of a photo. */
export class Rendition implements Disposable {
  /** The picture after the last step but `export`, which may scale it and lower its quality. */
  readonly photo: Photo;
  /** The file. */
  readonly bytes: Buffer<ArrayBuffer>;
  /** The format of the file. */
  readonly format: ImageFormat;
  /** Width of the picture in the file, in pixels. */
  readonly width: number;
  /** Height of the picture in the file, in pixels. */
  readonly height: number;
  /** What was done, in order. */
  readonly steps: readonly StepReport[];
  /** What was not done as asked: the notes of all steps, and options of the export that have no effect. */
  readonly notes: readonly Note[];

  static {
    renditionOf = (native) => new Rendition(native);
  }

  private constructor({ photo, bytes, format, width, height, steps, notes }: NativeRendition) {
    this.photo = photoOf(photo);
    this.bytes = bytes;
    this.format = format;
    this.width = width;
    this.height = height;
    this.steps = steps;
    this.notes = notes;
  }

  /** The file as a stream, for a `Response`; the stream goes on when the rendition is closed. */
  stream(): ReadableStream<Uint8Array> {
    return streamed(async () => this.bytes);
  }

  /** Frees the memory of the picture now rather than some day. The file's bytes are an ordinary Buffer, and stay. */
  close(): void {
    this.photo.close();
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Writes the file in one step: on failure, one that was there is untouched. */
  async save(path: string | URL, options: Pick<CallOptions, 'signal'> = {}): Promise<void> {
    return call(optionsOf(options), async (call) => native.saveFile(pathOf(path), this.bytes, call));
  }
}
