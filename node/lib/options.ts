import type { BatchEvent } from './batch.js';
import { pathOf } from './bytes.js';
import type { CallOptions } from './call.js';
import { coreName } from './names.js';
import type { Batch, Decode, Encode } from './tables.js';

type Signal = Pick<CallOptions, 'signal'>;

/** How a photo is read. */
export interface DecodeOptions extends Decode, Signal {}

/** How a photo is written. */
export interface EncodeOptions extends Encode, Signal {}

/** Which photos a batch takes, where results go, and what to do when something is in the way. */
export interface BatchOptions extends Batch, Signal {
  /** The folder for the results; made if it is missing. */
  output: string | URL;
  /** Called for each photo that is finished. The batch does not wait for one that is slower: it misses photos of which
   * later events have the counts, but none that failed. If it throws, the batch stops and rejects with what was thrown. */
  onProgress?: ((event: BatchEvent) => void) | undefined;
}

/** Options as the core reads them: the one place where their names are translated. */
export function toJson(options: object): string {
  return JSON.stringify(plain(options));
}

function plain(value: unknown): unknown {
  if (value instanceof URL) return pathOf(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, value]) => [coreName(name), plain(value)]));
  }
  // JSON would leave these out or write null, which means that nothing was said. As text, the core refuses them.
  const unknown = typeof value === 'number' ? !Number.isFinite(value) : /^(bigint|function|symbol)$/.test(typeof value);
  return unknown ? String(value) : value;
}
