// Made from the tools of packshot-api by `cargo xtask generate`. Change them there.

import { optionsOf } from './arguments.js';
import type { PhotoInput } from './input.js';
import { Cropped, Cutout, Upscaled } from './results.js';
import { Running, colorOrPicture, run } from './running.js';
import type { CropOptions, RemoveBackgroundOptions, UpscaleOptions } from './toolOptions.js';

/** An engine's methods that run tools. */
export class Tools extends Running {
  /** Cuts the subject out of a photo. */
  async removeBackground(photo: PhotoInput, options: RemoveBackgroundOptions = {}): Promise<Cutout> {
    const { background, mask, trimap, ...rest } = optionsOf(options);
    const [backgroundColor, backgroundPicture] = colorOrPicture(background);
    const pictures = { background: backgroundPicture, mask, trimap };
    return new Cutout(await run(this, 'remove_background', photo, pictures, { ...rest, background: backgroundColor }));
  }

  /** Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2. */
  async upscale(photo: PhotoInput, options: UpscaleOptions = {}): Promise<Upscaled> {
    return new Upscaled(await run(this, 'upscale', photo, {}, options));
  }

  /** Keeps a part of a photo: an area, an aspect, or the subject with a margin. */
  async crop(photo: PhotoInput, options: CropOptions): Promise<Cropped> {
    return new Cropped(await run(this, 'crop', photo, {}, options));
  }
}
