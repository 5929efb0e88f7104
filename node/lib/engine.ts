import type { BatchReport } from './batch.js';
import { call, type CallOptions } from './call.js';
import { croppedOf, type Cropped } from './cropped.js';
import { cutoutOf, type BackendReport, type Cutout } from './cutout.js';
import { unwrap } from './errors.js';
import { given, type PhotoInput } from './input.js';
import { Models } from './models.js';
import { native, type NativeEngine } from './native.js';
import { installedOnnxRuntime } from './onnxruntime.js';
import {
  toJson,
  type BatchOptions,
  type CropOptions,
  type RemoveBackgroundOptions,
  type UpscaleOptions,
} from './options.js';
import { recipeOf, type Recipe } from './recipe.js';
import { renditionOf, type Rendition } from './rendition.js';
import type { Backend, EngineOptions } from './tables.js';
import { upscaledOf, type Upscaled } from './upscaled.js';
import type { Color } from './values.js';

/** Owns models and their sessions, and runs tools on this device. Make one and keep it. */
export class Engine {
  /** The models of this machine. */
  readonly models: Models;
  readonly #native: NativeEngine;

  /** Nothing is loaded yet: the first call of a tool does that. */
  constructor(options: EngineOptions = {}) {
    this.#native = unwrap(native.makeEngine(toJson({ offeredOrtLibrary: installedOnnxRuntime(), ...options })));
    this.models = new Models(this.#native);
  }

  /** Cuts the subject out of a photo. */
  async removeBackground(photo: PhotoInput, options: RemoveBackgroundOptions = {}): Promise<Cutout> {
    const { signal, onProgress, mask, trimap, background, ...rest } = options;
    const color = isColor(background) ? background : undefined;
    const picture = isColor(background) ? undefined : background;
    const work = call({ signal, onProgress }, async (call) => {
      const named = (picture?: PhotoInput) => (picture == null ? undefined : given(picture, signal));
      const pictures = Promise.all([given(photo, signal), named(mask), named(trimap), named(picture)]);
      return this.#native.removeBackground(...(await pictures), toJson({ ...rest, background: color }), call);
    });
    return cutoutOf(await work);
  }

  /** Makes a photo larger, with detail that a model adds; by default twice as wide and as high. */
  async upscale(photo: PhotoInput, { signal, onProgress, ...options }: UpscaleOptions = {}): Promise<Upscaled> {
    const work = call({ signal, onProgress }, async (call) =>
      this.#native.upscale(await given(photo, signal), toJson(options), call),
    );
    return upscaledOf(await work);
  }

  /** Keeps a part of a photo: an area, an aspect, or the subject with a margin. */
  async crop(photo: PhotoInput, { signal, onProgress, ...options }: CropOptions): Promise<Cropped> {
    const work = call({ signal, onProgress }, async (call) =>
      this.#native.crop(await given(photo, signal), toJson(options), call),
    );
    return croppedOf(await work);
  }

  /** Makes a file of a photo as a recipe says, or the preset with this name. */
  async runRecipe(photo: PhotoInput, recipe: Recipe | string, options: CallOptions = {}): Promise<Rendition> {
    const { signal, onProgress } = options;
    const work = call({ signal, onProgress }, async (call) =>
      this.#native.runRecipe(await given(photo, signal), recipeOf(recipe), call),
    );
    return renditionOf(await work);
  }

  /** Puts many photos through a recipe, or the preset with this name. One that fails does not stop the others. A batch
   * that was stopped, in whichever way, goes on where it was when it is started again. An abort rejects at once; a
   * batch that is then started in this folder waits until the photos in flight have noticed it. */
  batch(recipe: Recipe | string, { signal, onProgress, ...options }: BatchOptions): Promise<BatchReport> {
    return call({ signal, onProgress }, (call) => this.#native.batch(recipeOf(recipe), toJson(options), call));
  }

  /** Loads the embedded model, and says which backend runs it and why; by default with the backend of this engine. */
  probe(backend?: Backend, { signal }: Pick<CallOptions, 'signal'> = {}): Promise<BackendReport> {
    return call({ signal }, (call) => this.#native.probe(backend && JSON.stringify(backend), call));
  }
}

/** What is no object can be no picture: the core reads it, or says why it cannot. */
function isColor(background: RemoveBackgroundOptions['background']): background is Color | undefined {
  return typeof background !== 'object' || background === null || Array.isArray(background);
}

let shared: Engine | undefined;

/** Cuts the subject out of a photo, with an engine that is made at the first call and kept. */
export async function removeBackground(photo: PhotoInput, options: RemoveBackgroundOptions = {}): Promise<Cutout> {
  shared ??= new Engine();
  return shared.removeBackground(photo, options);
}

/** Makes a photo larger, with the same engine. */
export async function upscale(photo: PhotoInput, options: UpscaleOptions = {}): Promise<Upscaled> {
  shared ??= new Engine();
  return shared.upscale(photo, options);
}

/** Keeps a part of a photo, with the same engine. */
export async function crop(photo: PhotoInput, options: CropOptions): Promise<Cropped> {
  shared ??= new Engine();
  return shared.crop(photo, options);
}
