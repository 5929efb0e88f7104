// Made from the tools of packshot-api by `cargo xtask generate`. Change them there.

import type { CallOptions } from './call.js';
import type { PhotoInput } from './input.js';
import type { Crop, RemoveBackground, Upscale } from './tables.js';
import type { Color } from './values.js';

/** A tool, as recipes call it. */
export type ToolName = 'remove_background' | 'upscale' | 'crop';

/**
 * Cuts the subject out of a photo.
 *
 * A mask, a trimap and a background picture can be files or decoded photos.
 */
export interface RemoveBackgroundOptions extends Omit<RemoveBackground, 'background'>, CallOptions {
  /**
   * The colour behind the subject, as a CSS colour, or `transparent`. Or a picture behind the subject, scaled to cover
   * the photo and cut at its centre. Text is always a colour; for the path of a picture give a `file:` URL.
   */
  background?: Color | Exclude<PhotoInput, string> | undefined;
  /** A matte to use in place of a model's: a gray picture of the photo's size, where 0 is background. */
  mask?: PhotoInput | undefined;
  /**
   * Where alpha is computed, in place of a band along the model's edge: a gray picture of the photo's size, where 0 is
   * background, 255 subject, and everything else unknown. It replaces the model; a `mask` beside it gives the initial
   * alpha.
   */
  trimap?: PhotoInput | undefined;
}

/** Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2. */
export interface UpscaleOptions extends Upscale, CallOptions {}

/**
 * Keeps a part of a photo: an area, an aspect, or the subject with a margin.
 *
 * `area` and `margin` exclude each other; one of `area`, `margin`, `aspect` and `size` is needed.
 */
export interface CropOptions extends Crop, CallOptions {}
