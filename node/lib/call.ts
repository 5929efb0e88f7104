import { nameOf } from './arguments.js';
import { invalid, unwrap } from './errors.js';
import { native, type Answer, type NativeCall } from './native.js';
import type { Stage } from './tables.js';

/** One report of progress. */
export interface Progress {
  /** What is being done. */
  stage: Stage;
  /** How much of the whole operation is done, from 0 to 1; it never falls within one operation. */
  fraction: number;
}

/** What every operation can be given besides its own options. */
export interface CallOptions {
  /** Stops the operation, which then rejects with the signal's `reason`. */
  signal?: AbortSignal | undefined;
  /** Called while the operation runs. If it throws, the operation stops and rejects with what was thrown. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** What a call is given whose listener hears a `Report`. */
type Watched<Report> = Omit<CallOptions, 'onProgress'> & { onProgress?: ((report: Report) => void) | undefined };

/**
 * Runs one operation of the core: stops it with the signal, hands on its reports, throws its errors. What comes after an abort
 * is refused, or kept by those who end with a report of what was done.
 */
export async function call<T, Report = Progress>(
  { signal, onProgress }: Watched<Report>,
  work: (call: NativeCall) => Answer<T>,
  late: 'refused' | 'kept' = 'refused',
): Promise<T> {
  if (signal && typeof signal.throwIfAborted !== 'function') {
    const hint = (signal as object) instanceof AbortController ? ': give its signal' : '';
    throw invalid(`\`signal\` is an AbortSignal, not ${nameOf(signal)}${hint}`);
  }
  if (onProgress && typeof onProgress !== 'function') {
    throw invalid(`\`onProgress\` is a function, not ${nameOf(onProgress)}`);
  }
  signal?.throwIfAborted();
  let thrown: { what: unknown } | undefined;
  const report = () => {
    for (const progress of current.reports() as Report[]) {
      if (thrown || signal?.aborted) return;
      try {
        onProgress?.(progress);
      } catch (what) {
        thrown = { what };
        current.cancel();
      }
    }
  };
  const current = new native.Call(onProgress ? report : null);
  const abort = () => current.cancel();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const answer = await work(current);
    report();
    if (thrown) throw thrown.what;
    // Work can end in the very moment of an abort; who has aborted hears of that and of nothing else.
    if (late === 'refused') signal?.throwIfAborted();
    return unwrap(answer);
  } catch (error) {
    throw !thrown && signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', abort);
    current.close();
  }
}
