import type { Ran, Rect } from './cutout.js';
import type { NativeCropped } from './native.js';
import { Photo } from './photo.js';

/** The part of a photo of a native half. */
export let croppedOf: (native: NativeCropped) => Cropped;

/** A part of a photo, with the depth, channels, profile and metadata of the one that came in. */
export class Cropped extends Photo {
  /** The part of the photo that was kept, before it was scaled to a size. */
  readonly frame: Rect;
  /** The smallest rectangle around everything that is at least half subject; `null` if nothing is, or nothing asked. */
  readonly subject: Rect | null;
  /** What did the work; without a model unless one looked for the subject. */
  readonly ran: Ran;

  static {
    croppedOf = (native) => new Cropped(native);
  }

  private constructor({ photo, frame, subject, ran }: NativeCropped) {
    super(photo);
    this.frame = frame;
    this.subject = subject;
    this.ran = ran;
  }
}
