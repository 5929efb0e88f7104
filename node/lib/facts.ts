import type { ErrorCode } from './errors.js';
import { asWritten, camelName } from './names.js';
import type { NativeMade } from './native.js';
import type { ErrorKind, NoteCode, Stage } from './tables.js';

/** A rectangle of whole pixels; `left` and `top` count from the photo's upper left corner, and may be negative. */
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
  code: NoteCode;
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

/** What went wrong with one photo: a `PackshotError` as data. */
export interface BatchFailure {
  /** Programs match on this. It never changes. */
  code: ErrorCode;
  /** Who can mend it, and how. */
  kind: ErrorKind;
  /** What is wrong, with the facts. */
  message: string;
  /** The causes, each that of the one before it. */
  because: string[];
  /** What a person can do, in one sentence. */
  remedy: string;
  /** Whether the same may succeed if it is tried again; a batch has done that as often as it may. */
  retryable: boolean;
}

/** A record of facts as the core writes it: its tables say which types they have. @internal */
export type Data = Record<string, any>;

/** The facts and pictures of a result. @internal */
export function told({ facts, pictures }: NativeMade): { facts: Data; pictures: Data } {
  return { facts: JSON.parse(facts) as Data, pictures };
}

/** @internal */
export function rectOf({ left, top, width, height }: Data): Rect {
  return { left, top, width, height };
}

/** @internal */
export function instanceOf({ bounds, area }: Data): Instance {
  return { bounds: rectOf(bounds), area };
}

/** @internal */
export function failureOf({ code, kind, message, because = [], remedy, retryable }: Data): BatchFailure {
  return { code, kind, message, because, remedy: asWritten(remedy), retryable };
}

/** Data with the names that JavaScript has for the core's, to any depth. @internal */
export function camelKeys<T>(data: T): T {
  if (Array.isArray(data)) return data.map(camelKeys) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [camelName(name), camelKeys(value)])) as T;
}
