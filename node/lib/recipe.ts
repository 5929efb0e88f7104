import { inspect, type InspectOptions } from 'node:util';

import { nameOf, optionsOf, textOf } from './arguments.js';
import { pathOf } from './bytes.js';
import { call, type CallOptions } from './call.js';
import { invalid, unwrap } from './errors.js';
import { native, type NativeRecipe } from './native.js';
import { hideBase, Uncloneable } from './uncloneable.js';

/** A recipe that comes with Packshot; `Recipe.preset` reads it. */
export interface Preset {
  /** Its name, such as `white-background`. */
  name: string;
  /** What it makes, in a sentence or two. */
  description: string;
  /** The recipe as TOML with its variables: a good beginning for one's own. */
  text: string;
}

/** The native half of a recipe, or of the preset with this name. */
export let recipeOf: (recipe: Recipe | string) => NativeRecipe;

/** A list of steps that makes one file of one photo, checked from the first line to the last: what it says can be done.
 * It never changes. A recipe belongs to its thread: to another one send `recipe.toJson()`, and parse it there. */
export class Recipe extends Uncloneable {
  readonly #native: NativeRecipe;

  static {
    hideBase(this);
    recipeOf = (recipe) => {
      if (recipe instanceof Recipe) return recipe.#native;
      if (typeof recipe === 'string') return unwrap(native.presetRecipe(recipe));
      throw invalid(`a recipe is a Recipe or the name of a preset, not ${nameOf(recipe)}: Recipe.parse reads text`);
    };
  }

  private constructor(half: NativeRecipe) {
    super();
    if (!(half instanceof native.Recipe)) throw invalid('recipes come from Recipe.preset, Recipe.parse and Recipe.open');
    this.#native = half;
  }

  /** A recipe that comes with Packshot, such as `white-background`. */
  static preset(name: string): Recipe {
    return new Recipe(unwrap(native.presetRecipe(textOf('the name of a preset', name))));
  }

  /** The recipes that come with Packshot. */
  static presets(): Preset[] {
    return unwrap(native.presets());
  }

  /** A recipe as TOML or JSON. Paths of models in it are relative to the working folder. */
  static parse(text: string | Uint8Array): Recipe {
    const read = text instanceof Uint8Array ? new TextDecoder().decode(text) : textOf('a recipe', text);
    return new Recipe(unwrap(native.parseRecipe(read)));
  }

  /** The recipe in a file, TOML or JSON. Paths of models in it are relative to the file's folder. */
  static async open(path: string | URL, options: Pick<CallOptions, 'signal'> = {}): Promise<Recipe> {
    return new Recipe(await call(optionsOf(options), async (call) => native.openRecipe(pathOf(path), call)));
  }

  /** The recipe with other values for some of its variables; the rest stay as they are. */
  with(variables: Readonly<Record<string, string | number | boolean | undefined>>): Recipe {
    const said = Object.entries(optionsOf(variables)).filter(([, value]) => value !== undefined);
    const values = Object.fromEntries(said.map(([name, value]) => [name, valueOf(name, value)]));
    return new Recipe(unwrap(this.#native.with(values)));
  }

  /** Its name for people. */
  get name(): string | null {
    return this.#native.name;
  }

  /** What it is for. */
  get description(): string | null {
    return this.#native.description;
  }

  /** Every variable with its value, as text. */
  get variables(): Readonly<Record<string, string>> {
    return this.#native.variables;
  }

  /** SHA-256 of what decides about the result, as 64 hexadecimal digits: the same for recipes that do the same, in TOML
   * or JSON, whatever their names. */
  get hash(): string {
    return this.#native.hash;
  }

  /** The recipe as TOML, with values in the place of variables. */
  toToml(): string {
    return this.#native.toToml();
  }

  /** The recipe as JSON text, with values in the place of variables. */
  toJson(): string {
    return this.#native.toJson();
  }

  /** The same as an object, for `JSON.stringify`. */
  toJSON(): object {
    return JSON.parse(this.toJson()) as object;
  }

  /** @internal */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    const { name, description, variables, hash } = this;
    return `Recipe ${inspect({ name, description, variables, hash }, options)}`;
  }
}

function valueOf(name: string, value: unknown): string {
  if (/^(string|number|boolean)$/.test(typeof value)) return String(value);
  throw invalid(`the variable ${name} is text, a number, true or false, not ${nameOf(value)}`);
}
