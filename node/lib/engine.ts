import { call, type CallOptions } from './call.js';
import { cutoutOf, type BackendReport, type Cutout } from './cutout.js';
import { unwrap } from './errors.js';
import { given, type PhotoInput } from './input.js';
import { Models } from './models.js';
import { native, type NativeEngine } from './native.js';
import { installedOnnxRuntime } from './onnxruntime.js';
import { toJson, type Backend, type Color, type EngineOptions, type RemoveBackgroundOptions } from './options.js';

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
