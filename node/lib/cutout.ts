import type { NativeCutout } from './native.js';
import { Photo, photoOf } from './photo.js';
import type { Stage } from './tables.js';

/** A rectangle of whole pixels; `left` and `top` count from the photo's upper left corner. */
export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** One connected subject of several. */
export interface Instance {
  /** The smallest rectangle around it. */
  bounds: Rect;
  /** Number of pixels that are at least half subject. */
  area: number;
}

/** The backend that runs a model, and why it is this one. */
export interface BackendReport {
  name: 'onnxruntime' | 'rten';
  /** The version of ONNX Runtime. */
  version: string | null;
  /** The file that ONNX Runtime was loaded from. */
  library: string | null;
  /** Why this backend was chosen, for people. */
  reason: string;
}

/** Something that was not done as asked, or not as expected, although the result is there. */
export interface Note {
  /** What it is, for programs; it never changes. */
  code: 'option_ignored' | 'backend_fallback' | 'float_clipped';
  /** What it is, for people. */
  text: string;
}

/** What did the work, and how long it took. */
export interface Ran {
  /** Id or file name of the model; of several, all in the order they ran, with commas between. A blend of two names both,
   * such as `a (70%) + b (30%)`. `null` if none ran. */
  model: string | null;
  /** The backend; `null` if a mask or a trimap was given. */
  backend: BackendReport | null;
  /** Time spent in each stage, in order. */
  stages: { stage: Stage; milliseconds: number }[];
  /** What was not done as asked: options without effect, a backend in place of another. */
  notes: Note[];
}

/** The cut-out of a native half. */
export let cutoutOf: (native: NativeCutout) => Cutout;

/** A photo whose background was removed: the picture that was asked for, and what is known about it. */
export class Cutout extends Photo {
  /** The matte as a gray photo, at the photo's full size, before cropping: 0 is background, 255 subject. */
  readonly matte: Photo;
  /** Where the edge was worked out, as a gray photo of 0, 128 and 255; `null` with edges `off`. */
  readonly trimap: Photo | null;
  /** The smallest rectangle around everything that is at least half subject, in the photo; `null` if nothing is. */
  readonly subject: Rect | null;
  /** The part of the photo that this picture shows. */
  readonly frame: Rect;
  /** The separate subjects found, largest first; specks below 1/2000 of the photo are not listed. */
  readonly instances: readonly Instance[];
  /** How sure the model is, from 0 to 1. */
  readonly confidence: number;
  /** How much of the old background is left in the rim, from 0 to 1. Above 0.2 or so a rim shows on another background:
   * try edges `fine`. */
  readonly halo: number;
  /** What did the work. */
  readonly ran: Ran;

  static {
    cutoutOf = (native) => new Cutout(native);
  }

  private constructor({ photo, matte, trimap, subject, frame, instances, confidence, halo, ran }: NativeCutout) {
    super(photo);
    this.matte = photoOf(matte);
    this.trimap = trimap && photoOf(trimap);
    this.subject = subject;
    this.frame = frame;
    this.instances = instances;
    this.confidence = confidence;
    this.halo = halo;
    this.ran = ran;
  }
}
