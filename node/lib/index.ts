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

export type { BatchEvent, BatchFailure, BatchItem, BatchReport } from './batch.js';
export type { PhotoBytes } from './bytes.js';
export type { CallOptions, Progress } from './call.js';
export { Cropped } from './cropped.js';
export { Cutout } from './cutout.js';
export type { BackendReport, Instance, Note, Ran, Rect } from './cutout.js';
export { Engine, crop, removeBackground, upscale } from './engine.js';
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
export type { PhotoInput } from './input.js';
export type { ModelStatus, Models } from './models.js';
export { version } from './native.js';
export type {
  BatchOptions,
  CropOptions,
  DecodeOptions,
  EncodeOptions,
  RemoveBackgroundOptions,
  UpscaleOptions,
} from './options.js';
export { Photo } from './photo.js';
export type { Pixels, PixelsInput } from './photo.js';
export { Recipe } from './recipe.js';
export type { Preset } from './recipe.js';
export { Rendition } from './rendition.js';
export type { StepReport } from './rendition.js';
export type * from './tables.js';
export { Upscaled } from './upscaled.js';
export type { Area, Color, Instances, Margin, ModelFile, Size } from './values.js';
