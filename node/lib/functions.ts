// Made from the tools of packshot-api by `cargo xtask generate`. Change them there.

import { sharedEngine } from './engine.js';
import type { PhotoInput } from './input.js';
import type { Cropped, Cutout, Upscaled } from './results.js';
import type { CropOptions, RemoveBackgroundOptions, UpscaleOptions } from './toolOptions.js';

/** Cuts the subject out of a photo. The engine is made at the first call and kept. */
export async function removeBackground(photo: PhotoInput, options: RemoveBackgroundOptions = {}): Promise<Cutout> {
  return sharedEngine().removeBackground(photo, options);
}

/**
 * Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2. The engine is made at the
 * first call and kept.
 */
export async function upscale(photo: PhotoInput, options: UpscaleOptions = {}): Promise<Upscaled> {
  return sharedEngine().upscale(photo, options);
}

/**
 * Keeps a part of a photo: an area, an aspect, or the subject with a margin. The engine is made at the first call and
 * kept.
 */
export async function crop(photo: PhotoInput, options: CropOptions): Promise<Cropped> {
  return sharedEngine().crop(photo, options);
}
