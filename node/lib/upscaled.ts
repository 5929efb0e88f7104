import type { Ran } from './cutout.js';
import type { NativeUpscaled } from './native.js';
import { Photo } from './photo.js';

/** The larger photo of a native half. */
export let upscaledOf: (native: NativeUpscaled) => Upscaled;

/** A photo that was made larger, with the depth, channels, profile and metadata of the one that came in. */
export class Upscaled extends Photo {
  /** By what factor both sides are larger, before they were rounded to whole pixels; 1 if nothing had to be done. */
  readonly scale: number;
  /** What did the work; without a model if nothing had to be done. */
  readonly ran: Ran;

  static {
    upscaledOf = (native) => new Upscaled(native);
  }

  private constructor({ photo, scale, ran }: NativeUpscaled) {
    super(photo);
    this.scale = scale;
    this.ran = ran;
  }
}
