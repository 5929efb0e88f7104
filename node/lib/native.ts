import { isMainThread } from 'node:worker_threads';

import type { Progress } from './call.js';
import type { ErrorCode } from './errors.js';
import type { BackendReport, Note, Ran } from './facts.js';
import { library } from './library.js';
import type { ModelStatus } from './models.js';
import type { Preset } from './recipe.js';
import type { StepReport } from './rendition.js';
import type { ErrorKind, ImageFormat } from './tables.js';

/** What `src/` exports. What may fail answers with a `NativeFailure`, which `unwrap` throws as an error. */
interface Native {
  Call: new (bell: (() => void) | null) => NativeCall;
  Failure: abstract new () => NativeFailure;
  Photo: abstract new () => NativePhoto;
  Recipe: abstract new () => NativeRecipe;
  version(): string;
  disableOrtTelemetry(): void;
  stopAll(): void;
  invalid(message: string): NativeFailure;
  mostBytes(): number;
  runCommand?(words: string[], offeredOrtLibrary: string | undefined): number;
  makeEngine(options: string): NativeEngine | NativeFailure;
  readPhoto(photo: Given, options: string, call: NativeCall): Answer<NativePhoto>;
  photoFromPixels(data: Uint8Array | Uint16Array, layout: string, call: NativeCall): Answer<NativePhoto>;
  presets(): Preset[] | NativeFailure;
  presetRecipe(name: string): NativeRecipe | NativeFailure;
  parseRecipe(text: string): NativeRecipe | NativeFailure;
  openRecipe(path: string, call: NativeCall): Answer<NativeRecipe>;
  saveFile(path: string, bytes: Uint8Array, call: NativeCall): Answer<void>;
}

export type Answer<T> = Promise<T | NativeFailure>;

/** A path, the bytes of a file, or a photo. */
export type Given = string | Uint8Array | NativePhoto;

export interface NativeCall {
  cancel(): void;
  close(): void;
  /** How far one photo is, or what happened in a batch, as JSON. */
  reports(): (Progress | string)[];
}

export interface NativeFailure {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly context: Record<string, string>;
  readonly causes: string[];
}

export interface NativePhoto {
  close(): void;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly depth: 8 | 16;
  readonly hasAlpha: boolean;
  readonly format: ImageFormat | null;
  readonly profile: Buffer | null;
  readonly exif: Buffer | null;
  readonly xmp: Buffer | null;
  pixels(call: NativeCall): Answer<Uint8Array | Uint16Array>;
  encode(options: string, call: NativeCall): Answer<Buffer<ArrayBuffer>>;
  save(path: string, options: string, call: NativeCall): Answer<void>;
}

/** What a tool made. */
export interface NativeMade {
  photo: NativePhoto;
  /** The pictures besides it, by the names that the core has for them. */
  pictures: Record<string, NativePhoto | null>;
  /** The other facts, as JSON. */
  facts: string;
  ran: Ran;
}

export interface NativeRecipe {
  readonly name: string | null;
  readonly description: string | null;
  readonly variables: Record<string, string>;
  readonly hash: string;
  with(values: Record<string, string>): NativeRecipe | NativeFailure;
  toToml(): string;
  toJson(): string;
}

export interface NativeRendition {
  photo: NativePhoto;
  bytes: Buffer<ArrayBuffer>;
  format: ImageFormat;
  width: number;
  height: number;
  steps: StepReport[];
  notes: Note[];
}

export interface NativeEngine {
  close(): void;
  readonly mostBytes: number;
  run(photo: Given, names: string[], pictures: Given[], step: string, call: NativeCall): Answer<NativeMade>;
  runRecipe(photo: Given, recipe: NativeRecipe, call: NativeCall): Answer<NativeRendition>;
  /** The report, as JSON. */
  batch(recipe: NativeRecipe, options: string, call: NativeCall): Answer<string>;
  probe(backend: string | undefined, call: NativeCall): Answer<BackendReport>;
  listModels(): ModelStatus[] | NativeFailure;
  modelPath(id: string): string | NativeFailure;
  pullModel(id: string, call: NativeCall): Answer<string>;
  verifyModel(id: string, call: NativeCall): Answer<void>;
  removeModel(id: string, call: NativeCall): Answer<boolean>;
}

/** The version of this package and of the native library. */
export const version: string = (require('../package.json') as { version: string }).version;

export const native = prepared(sameVersion(library() as Native));

function sameVersion(found: Native): Native {
  if (found.version() === version) return found;
  throw new Error(
    `packshot has version ${version}, and its native library ${found.version()}: the two belong together. ` +
      'Install packshot again.',
  );
}

/**
 * The environment of the process may only be changed on the main thread. Loaded first in a worker, Packshot leaves it
 * alone, and then does not use a version of ONNX Runtime that would send telemetry.
 */
function prepared(found: Native): Native {
  if (isMainThread) found.disableOrtTelemetry();
  // When the main thread ends the process, nothing else of Node tells the native half.
  process.on('exit', () => found.stopAll());
  return found;
}
