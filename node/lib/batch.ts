import type { Note } from './cutout.js';
import type { ErrorCode } from './errors.js';
import type { BatchOutcome, ErrorKind } from './tables.js';

/** Said each time that a photo of a batch is finished: the counts so far, and the photo. */
export interface BatchEvent {
  /** Photos in the batch; `null` while it watches, since more may come. */
  total: number | null;
  /** Photos that were made now. */
  done: number;
  /** Photos that failed. */
  failed: number;
  /** Photos that were left out because a file that no batch wrote stands in the result's place. */
  skipped: number;
  /** Photos that were done already when the batch was started. */
  resumed: number;
  /** Photos per second of late, those that were resumed or skipped not counted; 0 until it is known. */
  rate: number;
  /** Seconds until the last photo is finished, if the rate stays as it is; `null` until it is known, and while it
   * watches. */
  left: number | null;
  /** The photo. */
  item: BatchItem;
}

/** A photo of a batch that is finished. */
export interface BatchItem {
  /** The input, as it was given or found; `%E9` stands for a byte of a name that is not Unicode. */
  input: string;
  /** The result's file; `null` if the photo failed before it had a name. */
  output: string | null;
  /** How it ended. */
  outcome: BatchOutcome;
  /** Whether the result has another name than was wanted, because that one was taken. */
  renamed: boolean;
  /** Why it failed. */
  error: BatchFailure | null;
  /** How often it was tried; 0 if nothing had to be done. */
  attempts: number;
  /** Seconds that it took, from the first byte to the written file, waiting included. */
  seconds: number;
  /** What was not done as asked; empty if it was not made now. */
  notes: Note[];
}

/** What went wrong with one photo: a `PackshotError` as data. */
export interface BatchFailure {
  /** Programs match on this. It never changes. */
  code: ErrorCode;
  /** Who can mend it, and how. */
  kind: ErrorKind;
  /** What is wrong, with the facts. */
  message: string;
  /** The causes, each that of the one before it. */
  because: string[];
  /** What a person can do, in one sentence. */
  remedy: string;
  /** Whether the same may succeed if it is tried again; a batch has done that as often as it may. */
  retryable: boolean;
}

/** What became of a batch. */
export interface BatchReport {
  /** Photos in the batch; those that came while it watched. */
  total: number;
  /** Photos that were made now. */
  done: number;
  /** Photos that were done already when the batch was started. */
  resumed: number;
  /** Photos that were left out because a file that no batch wrote stands in the result's place. */
  skipped: number;
  /** Photos that failed. */
  failed: number;
  /** Whether the result of each photo is there, and a batch's own; a photo that was skipped has none. */
  isComplete: boolean;
  /** Why the batch ended before the last photo: a full disk, or as many failures as were allowed. */
  stopped: BatchFailure | null;
  /** Seconds that it took. */
  seconds: number;
  /** Photos made per second, over the whole time. */
  rate: number;
  /** The photos that failed, the first 1,000 of them; the report's file has all. */
  failures: BatchItem[];
  /** The folder for the results. */
  output: string;
  /** The journal, by which the batch can be resumed. */
  journal: string;
  /** The report's file. */
  report: string | null;
  /** The contact sheet. */
  sheet: string | null;
}
