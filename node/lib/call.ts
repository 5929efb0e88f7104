import { unwrap } from './errors.js';
import { native, type Answer, type NativeCall } from './native.js';

/** What an operation is doing right now. */
export type Stage = 'decode' | 'download' | 'load' | 'prepare' | 'inference' | 'matte' | 'edges' | 'compose' | 'encode';

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

/** Runs one operation of the core: stops it with the signal, hands on its reports, throws its errors. */
export async function call<T>({ signal, onProgress }: CallOptions, work: (call: NativeCall) => Answer<T>): Promise<T> {
  signal?.throwIfAborted();
  let thrown: { what: unknown } | undefined;
  const report = () => {
    for (const progress of current.reports()) {
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
    return unwrap(answer);
  } catch (error) {
    throw !thrown && signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', abort);
    current.close();
  }
}
