import { optionsOf } from './arguments.js';
import { batchEventOf, batchReportOf, type BatchReport } from './batch.js';
import { call, type CallOptions } from './call.js';
import { unwrap } from './errors.js';
import type { BackendReport, Data } from './facts.js';
import { lend, type PhotoInput } from './input.js';
import { Models } from './models.js';
import { native, type Given } from './native.js';
import { installedOnnxRuntime } from './onnxruntime.js';
import { toJson, type BatchOptions } from './options.js';
import { recipeOf, type Recipe } from './recipe.js';
import { renditionOf, type Rendition } from './rendition.js';
import { engineOf } from './running.js';
import type { Backend, EngineOptions } from './tables.js';
import { Tools } from './tools.js';

/** Owns models and their sessions, and runs tools on this device. Make one and keep it. */
export class Engine extends Tools {
  /** The models of this machine. */
  readonly models: Models;

  /** Nothing is loaded yet: the first call of a tool does that. */
  constructor(options: EngineOptions = {}) {
    super(unwrap(native.makeEngine(toJson({ offeredOrtLibrary: installedOnnxRuntime(), ...optionsOf(options) }))));
    this.models = new Models(() => engineOf(this));
  }

  /** Makes a file of a photo as a recipe says, or the preset with this name. */
  async runRecipe(photo: PhotoInput, recipe: Recipe | string, options: CallOptions = {}): Promise<Rendition> {
    const { signal, onProgress } = optionsOf(options);
    const inputs = [{ what: 'a photo', input: photo }];
    const work = call({ signal, onProgress }, (call) =>
      lend(inputs, signal, engineOf(this).mostBytes, ([photo]) =>
        engineOf(this).runRecipe(photo as Given, recipeOf(recipe), call),
      ),
    );
    return renditionOf(await work);
  }

  /** Puts many photos through a recipe, or the preset with this name. One that fails does not stop the others. A batch
   * that was stopped, in whichever way, goes on where it was when it is started again. An abort rejects at once; a
   * batch that is then started in this folder waits until the photos in flight have noticed it. */
  async batch(recipe: Recipe | string, options: BatchOptions): Promise<BatchReport> {
    const { signal, onProgress, ...rest } = optionsOf(options);
    const hear =
      typeof onProgress === 'function' ? (event: string) => onProgress(batchEventOf(JSON.parse(event) as Data)) : onProgress;
    const work = call(
      { signal, onProgress: hear },
      (call) => engineOf(this).batch(recipeOf(recipe), toJson(rest), call),
      'kept',
    );
    return batchReportOf(JSON.parse(await work) as Data);
  }

  /** Loads the embedded model, and says which backend runs it and why; by default with the backend of this engine. */
  async probe(backend?: Backend, options: Pick<CallOptions, 'signal'> = {}): Promise<BackendReport> {
    const { signal } = optionsOf(options);
    return call({ signal }, (call) => engineOf(this).probe(backend && JSON.stringify(backend), call));
  }
}

let shared: Engine | undefined;

/** The engine of this package's functions, made at the first call and kept. */
export function sharedEngine(): Engine {
  shared ??= new Engine();
  return shared;
}
