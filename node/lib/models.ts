import { optionsOf, textOf } from './arguments.js';
import { call, type CallOptions } from './call.js';
import { unwrap } from './errors.js';
import type { NativeEngine } from './native.js';
import type { ModelState } from './tables.js';

/** A model, seen from this machine. */
export interface ModelStatus {
  /** The model's id. */
  id: string;
  /** `embedded`: a part of the library. `damaged`: a file has the wrong size. */
  state: ModelState;
  /** Size of its files in bytes: on disk or inside the library; if absent, of the download, and 0 where unknown. */
  bytes: number;
}

/** The models of this machine. */
export class Models {
  readonly #engine: () => NativeEngine;

  /** @internal */
  constructor(engine: () => NativeEngine) {
    this.#engine = engine;
  }

  /** Every model that is known, and whether it is here. */
  list(): ModelStatus[] {
    return unwrap(this.#engine().listModels());
  }

  /** The file of a model that is here. */
  path(id: string): string {
    return unwrap(this.#engine().modelPath(idOf(id)));
  }

  /** Fetches a model, compares it with its published hash, and gives its path. Does nothing if it is here. */
  async pull(id: string, options: CallOptions = {}): Promise<string> {
    return call(optionsOf(options), (call) => this.#engine().pullModel(idOf(id), call));
  }

  /** Compares the files of a model with their published hashes. */
  async verify(id: string, options: Pick<CallOptions, 'signal'> = {}): Promise<void> {
    return call(optionsOf(options), (call) => this.#engine().verifyModel(idOf(id), call));
  }

  /** Deletes the files of a model, and says whether there were any. */
  async remove(id: string): Promise<boolean> {
    return call({}, (call) => this.#engine().removeModel(idOf(id), call));
  }
}

function idOf(id: unknown): string {
  return textOf('the id of a model', id);
}
