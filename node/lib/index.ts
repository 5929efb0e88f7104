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

export type { CallOptions, Progress, Stage } from './call.js';
export { Cutout } from './cutout.js';
export type { BackendReport, Instance, Ran, Rect } from './cutout.js';
export { Engine, removeBackground } from './engine.js';
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
export type { ErrorCode, ErrorKind } from './errors.js';
export type { PhotoBytes, PhotoInput } from './input.js';
export type { ModelStatus, Models } from './models.js';
export { version } from './native.js';
export type {
  Area,
  Backend,
  Chroma,
  Color,
  ColorPolicy,
  DecodeOptions,
  Edges,
  EncodeOptions,
  EngineOptions,
  Fit,
  ImageFormat,
  Margin,
  MetadataMode,
  ModelFile,
  Output,
  PngCompression,
  ProfileMode,
  RemoveBackgroundOptions,
  Size,
} from './options.js';
export { Photo } from './photo.js';
export type { Pixels, PixelsInput } from './photo.js';
