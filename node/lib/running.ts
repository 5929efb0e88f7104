import { call, type CallOptions } from './call.js';
import { given, type PhotoInput } from './input.js';
import { coreName } from './names.js';
import type { NativeEngine, NativeMade } from './native.js';
import { toJson } from './options.js';
import type { ToolName } from './toolOptions.js';
import type { Color } from './values.js';

/** An engine's native half. */
export let engineOf: (engine: Running) => NativeEngine;

/** An engine that runs any tool. */
export class Running {
  readonly #native: NativeEngine;

  static {
    engineOf = (engine) => engine.#native;
  }

  /** @internal */
  constructor(native: NativeEngine) {
    this.#native = native;
  }
}

/** Runs a tool with options and pictures; those that are null or undefined are not given. */
export function run<Options extends CallOptions>(
  engine: Running,
  tool: ToolName,
  photo: PhotoInput,
  pictures: Readonly<Record<string, PhotoInput | null | undefined>>,
  { signal, onProgress, ...options }: Options,
): Promise<NativeMade> {
  return call({ signal, onProgress }, async (call) => {
    const named = Object.entries(pictures).flatMap(([name, input]) => (input == null ? [] : [{ name, input }]));
    const [source, ...sources] = await Promise.all([
      given(photo, signal),
      ...named.map(({ input }) => given(input, signal)),
    ]);
    const names = named.map(({ name }) => coreName(name));
    return engineOf(engine).run(source, names, sources, `{"${tool}":${toJson(options)}}`, call);
  });
}

/** What one option says that takes both. What is no object can be no picture: the core reads it, or says why it cannot. */
export function colorOrPicture<T extends PhotoInput>(
  option: Color | T | null | undefined,
): [color: Color | undefined, picture: T | undefined] {
  const isColor = typeof option !== 'object' || option === null || Array.isArray(option);
  return isColor ? [(option ?? undefined) as Color | undefined, undefined] : [undefined, option as T];
}
