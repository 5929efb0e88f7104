// Made from the facts of packshot-api by `cargo xtask generate`. Change them there.

import { instanceOf, rectOf, told, type Instance, type Ran, type Rect } from './facts.js';
import type { NativeMade } from './native.js';
import { Photo, photoOf } from './photo.js';

/** A photo without its background, and what was found. */
export class Cutout extends Photo {
  /** The matte at the photo's full size, before cropping: 0 is background, 255 subject. */
  readonly matte: Photo;
  /**
   * Where alpha was computed, at the photo's full size: 0 is background, 255 subject, 128 unknown; `null` with edges
   * off.
   */
  readonly trimap: Photo | null;
  /** The smallest rectangle around everything that is at least half subject, in the photo; `null` if nothing is. */
  readonly subject: Rect | null;
  /** The part of the photo that the result shows; it may reach beyond the photo, to leave a margin. */
  readonly frame: Rect;
  /** The separate subjects found, largest first; specks below 1/2000 of the photo are not listed. */
  readonly instances: readonly Instance[];
  /** How sure the model is, from 0 to 1. */
  readonly confidence: number;
  /**
   * How much of the old background is left in the rim, from 0 to 1. Above about 0.2 a rim is visible on another
   * background: try fine edges. If the result has no colours, it is measured on the photo's own.
   */
  readonly halo: number;
  /** What did the work, and how long it took. */
  readonly ran: Ran;

  /** @internal */
  constructor(made: NativeMade) {
    super(made.photo);
    const { facts, pictures } = told(made);
    this.matte = photoOf(pictures.matte);
    this.trimap = pictures.trimap == null ? null : photoOf(pictures.trimap);
    this.subject = facts.subject == null ? null : rectOf(facts.subject);
    this.frame = rectOf(facts.frame);
    this.instances = facts.instances.map(instanceOf);
    this.confidence = facts.confidence;
    this.halo = facts.halo;
    this.ran = made.ran;
  }
}

/** A larger photo, with the depth, channels, profile and metadata of the input. */
export class Upscaled extends Photo {
  /** The factor of both sides, before rounding to whole pixels: 1 if nothing had to be done. */
  readonly scale: number;
  /** What did the work, and how long it took. */
  readonly ran: Ran;

  /** @internal */
  constructor(made: NativeMade) {
    super(made.photo);
    const { facts } = told(made);
    this.scale = facts.scale;
    this.ran = made.ran;
  }
}

/** A part of a photo, with the depth, channels, profile and metadata of the input. */
export class Cropped extends Photo {
  /**
   * The part of the photo that was kept, before it was scaled to a size; it may reach beyond a photo with transparency,
   * to leave a margin.
   */
  readonly frame: Rect;
  /**
   * The smallest rectangle around everything that is at least half subject; `null` if nothing is, or if the subject was
   * not searched for.
   */
  readonly subject: Rect | null;
  /** What did the work, and how long it took. */
  readonly ran: Ran;

  /** @internal */
  constructor(made: NativeMade) {
    super(made.photo);
    const { facts } = told(made);
    this.frame = rectOf(facts.frame);
    this.subject = facts.subject == null ? null : rectOf(facts.subject);
    this.ran = made.ran;
  }
}
