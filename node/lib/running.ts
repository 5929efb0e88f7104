import { isPlain, optionsOf } from './arguments.js';
import { call, type CallOptions } from './call.js';
import { invalid } from './errors.js';
import { lend, type PhotoInput } from './input.js';
import { coreName } from './names.js';
import type { Given, NativeEngine, NativeMade } from './native.js';
import { toJson } from './options.js';
import { hideBase, Uncloneable } from './uncloneable.js';
import type { ToolName } from './toolOptions.js';
import type { Color } from './values.js';

/** An engine's native half. */
export let engineOf: (engine: Running) => NativeEngine;

/** An engine that runs any tool. */
export class Running extends Uncloneable implements Disposable {
  #native: NativeEngine | undefined;

  static {
    hideBase(this);
    engineOf = (engine) => {
      if (engine.#native) return engine.#native;
      throw invalid('the Engine is closed: close it after the last call that uses it');
    };
  }

  /** @internal */
  constructor(native: NativeEngine) {
    super();
    this.#native = native;
  }

  /** Lets go of its models now rather than some day. Calls in progress are finished; there are no further ones. */
  close(): void {
    this.#native?.close();
    this.#native = undefined;
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** Runs a tool with options and pictures; those that are null or undefined are not given. */
export async function run<Options extends CallOptions>(
  engine: Running,
  tool: ToolName,
  photo: PhotoInput,
  pictures: Readonly<Record<string, PhotoInput | null | undefined>>,
  options: Options,
): Promise<NativeMade> {
  const { signal, onProgress, ...rest } = optionsOf(options);
  const named = Object.entries(pictures).filter(([, input]) => input !== null && input !== undefined);
  const inputs = [
    { what: 'a photo', input: photo },
    ...named.map(([name, input]) => ({ what: `\`${name}\``, input: input as PhotoInput })),
  ];
  const names = named.map(([name]) => coreName(name));
  return call({ signal, onProgress }, (call) =>
    lend(inputs, signal, engineOf(engine).mostBytes, ([photo, ...pictures]) =>
      engineOf(engine).run(photo as Given, names, pictures, `{"${tool}":${toJson(rest)}}`, call),
    ),
  );
}

/**
 * What one option says that takes both. What can be no picture is taken for a colour: the core reads it, or says why it
 * cannot.
 */
export function colorOrPicture<T extends PhotoInput>(
  option: Color | T | null | undefined,
): [color: Color | undefined, picture: T | undefined] {
  if (typeof option === 'string' && /\.(jpe?g|png|webp|tiff?)$/i.test(option)) {
    throw invalid(`text is a colour here: for the picture ${option} give a file: URL, as pathToFileURL makes one`);
  }
  const isColor = typeof option !== 'object' || option === null || Array.isArray(option) || isPlain(option);
  return isColor ? [(option ?? undefined) as Color | undefined, undefined] : [undefined, option as T];
}
