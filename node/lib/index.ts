/**
 * Product photos that look right, made on the user's own device.
 *
 * ```ts
 * import { removeBackground } from 'packshot';
 *
 * const cutout = await removeBackground('shoe.jpg');
 * await cutout.save('shoe.png');
 * ```
 *
 * @module
 */

export type * from './batch.js';
export type { PhotoBytes } from './bytes.js';
export type { CallOptions, Progress } from './call.js';
export { Engine } from './engine.js';
export {
  BackendError,
  CancelledError,
  FileError,
  InternalError,
  LimitError,
  ModelError,
  NetworkError,
  OptionError,
  PackshotError,
  PhotoError,
} from './errors.js';
export type { ErrorCode } from './errors.js';
export type { BackendReport, BatchFailure, Instance, Note, Ran, Rect } from './facts.js';
export * from './functions.js';
export type { PhotoInput } from './input.js';
export type { ModelStatus, Models } from './models.js';
export { version } from './native.js';
export type { BatchOptions, DecodeOptions, EncodeOptions } from './options.js';
export { Photo } from './photo.js';
export type { Pixels, PixelsInput } from './photo.js';
export { Recipe } from './recipe.js';
export type { Preset } from './recipe.js';
export { Rendition } from './rendition.js';
export type { StepReport } from './rendition.js';
export * from './results.js';
export type * from './tables.js';
export type * from './toolOptions.js';
export type { Area, Color, Instances, Margin, ModelFile, Size } from './values.js';
