// Made from the facts of packshot-api by `cargo xtask generate`. Change them there.

import { camelKeys, failureOf, type BatchFailure, type Data, type Note } from './facts.js';
import type { BatchOutcome } from './tables.js';

/**
 * A finished photo of a batch.
 *
 * In paths, `%E9` stands for a byte of a name that is not Unicode.
 */
export interface BatchItem {
  /** The input, as given or found. */
  input: string;
  /** The result's file; `null` if the photo failed before it had a name. */
  output: string | null;
  /** How it ended. */
  outcome: BatchOutcome;
  /** Whether the result got another name because the wanted one was taken. */
  renamed: boolean;
  /** Why it failed; `null` if it did not. */
  error: BatchFailure | null;
  /** Number of attempts; 0 if nothing had to be done. */
  attempts: number;
  /** Seconds from the first byte read to the written file, including waiting. */
  seconds: number;
  /** What was not done as asked. Empty if it was not made now. */
  notes: Note[];
  /** What each step of the recipe did; empty if the photo was not made now. */
  steps: Record<string, unknown>[];
}

/** @internal */
export function batchItemOf(facts: Data): BatchItem {
  return {
    input: facts.input,
    output: facts.output ?? null,
    outcome: facts.outcome,
    renamed: facts.renamed,
    error: facts.error == null ? null : failureOf(facts.error),
    attempts: facts.attempts,
    seconds: facts.seconds,
    notes: facts.notes ?? [],
    steps: camelKeys(facts.steps ?? []),
  };
}

/** Sent for each finished photo of a batch: the counts so far, and the photo. */
export interface BatchEvent {
  /** Photos in the batch; `null` while it watches, since more may come. */
  total: number | null;
  /** Photos that were made now. */
  done: number;
  /** Photos that failed. */
  failed: number;
  /** Photos that were skipped because a file that no batch wrote exists in the result's place. */
  skipped: number;
  /** Photos that were already done when the batch was started. */
  resumed: number;
  /** Recent photos per second, not counting resumed and skipped ones; 0 until known. */
  rate: number;
  /**
   * Estimated seconds until the last photo is finished, at the current rate; `null` until known, and while the batch
   * watches.
   */
  left: number | null;
  /** The photo. */
  item: BatchItem;
}

/** @internal */
export function batchEventOf(facts: Data): BatchEvent {
  return {
    total: facts.total ?? null,
    done: facts.done,
    failed: facts.failed,
    skipped: facts.skipped,
    resumed: facts.resumed,
    rate: facts.rate,
    left: facts.left ?? null,
    item: batchItemOf(facts.item),
  };
}

/**
 * The outcome of a batch.
 *
 * In paths, `%E9` stands for a byte of a name that is not Unicode.
 */
export interface BatchReport {
  /** Photos in the batch, including those that arrived while it watched. */
  total: number;
  /** Photos that were made now. */
  done: number;
  /** Photos that were already done when the batch was started. */
  resumed: number;
  /** Photos that were skipped because a file that no batch wrote exists in the result's place. */
  skipped: number;
  /** Photos that failed. */
  failed: number;
  /** Whether every photo has a result that a batch wrote. A skipped photo has none. */
  complete: boolean;
  /**
   * Why the batch ended before the last photo: a full disk, or more failures than were allowed; `null` if it did not.
   */
  stopped: BatchFailure | null;
  /** Seconds that it took. */
  seconds: number;
  /** Photos made per second, over the whole time. */
  rate: number;
  /** The photos that failed, the first 1,000 of them; the report's file has all. */
  failures: BatchItem[];
  /** The output folder. */
  output: string;
  /** The journal, from which the batch can be resumed. */
  journal: string;
  /** The report's file; `null` if none was asked for. */
  report: string | null;
  /** The contact sheet; `null` if none was asked for. */
  sheet: string | null;
}

/** @internal */
export function batchReportOf(facts: Data): BatchReport {
  return {
    total: facts.total,
    done: facts.done,
    resumed: facts.resumed,
    skipped: facts.skipped,
    failed: facts.failed,
    complete: facts.complete,
    stopped: facts.stopped == null ? null : failureOf(facts.stopped),
    seconds: facts.seconds,
    rate: facts.rate,
    failures: facts.failures.map(batchItemOf),
    output: facts.output,
    journal: facts.journal,
    report: facts.report ?? null,
    sheet: facts.sheet ?? null,
  };
}
