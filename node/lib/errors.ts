import type { codes } from './codes.js';
import { native, type NativeFailure } from './native.js';
import { asWritten, camelName } from './names.js';
import type { ErrorKind } from './tables.js';

/** The stable identifier of an error, the same in every language. */
export type ErrorCode = (typeof codes)[number];

/** What went wrong, and what to do about it. */
export class PackshotError extends Error {
  /** Programs match on this. It never changes. */
  readonly code: ErrorCode;
  /** The class of the error, as a word. */
  readonly kind: ErrorKind;
  /** What a person can do, in one sentence. */
  readonly remedy: string;
  /** Whether the same call may succeed if it is made again a little later, with nothing changed. */
  readonly retryable: boolean;
  /** Facts, such as `{ file: 'a.jpg' }`. */
  readonly context: Readonly<Record<string, string>>;

  /** @internal */
  constructor(failure: NativeFailure) {
    const chain = failure.causes.reduceRight<Error | undefined>(
      (cause, message) => errorBecause(message, cause),
      undefined,
    );
    super(messageOf(failure), chain && { cause: chain });
    Object.defineProperty(this, 'name', { value: new.target.name });
    this.code = failure.code;
    this.kind = failure.kind;
    this.remedy = asWritten(failure.remedy);
    this.retryable = failure.retryable;
    const { option } = failure.context;
    this.context = option === undefined ? failure.context : { ...failure.context, option: camelName(option) };
  }

  /** What `JSON.stringify` writes, for logs and answers. */
  toJSON(): Pick<PackshotError, 'name' | 'code' | 'kind' | 'message' | 'remedy' | 'retryable' | 'context'> {
    const { name, code, kind, message, remedy, retryable, context } = this;
    return { name, code, kind, message, remedy, retryable, context };
  }
}

/** The photo itself cannot be used. */
export class PhotoError extends PackshotError {}
/** A limit was reached; nothing was allocated beyond it. */
export class LimitError extends PackshotError {}
/** An option, or a combination of options, makes no sense. */
export class OptionError extends PackshotError {}
/** A file could not be read or written. */
export class FileError extends PackshotError {}
/** A model is unknown, missing, damaged or not permitted. */
export class ModelError extends PackshotError {}
/** A download failed. */
export class NetworkError extends PackshotError {}
/** No backend could run the model. */
export class BackendError extends PackshotError {}
/** The operation was cancelled. An `AbortSignal` rejects with its own `reason` instead. */
export class CancelledError extends PackshotError {}
/** A defect in Packshot. */
export class InternalError extends PackshotError {}

const classes: Record<ErrorKind, new (failure: NativeFailure) => PackshotError> = {
  photo: PhotoError,
  limit: LimitError,
  option: OptionError,
  file: FileError,
  model: ModelError,
  network: NetworkError,
  backend: BackendError,
  cancelled: CancelledError,
  internal: InternalError,
};

/** The value, or the error that came instead. */
export function unwrap<T>(answer: T | NativeFailure): T {
  if (answer instanceof native.Failure) throw new classes[answer.kind](answer);
  return answer as T;
}

/** The error for an argument that the core cannot see. */
export function invalid(message: string): PackshotError {
  return new OptionError(native.invalid(message));
}

/** The message, with the option's name as it was written. Other words in it may be the caller's. */
function messageOf({ message, context: { option } }: NativeFailure): string {
  if (option === undefined) return message;
  const named = message.replace(`(option: ${option})`, `(option: ${camelName(option)})`);
  return message.startsWith('there is no `') ? asWritten(named) : named;
}

function errorBecause(message: string, cause: Error | undefined): Error {
  const error = new Error(message, cause && { cause });
  // It comes from Rust: the stack of this line would say nothing about it.
  error.stack = `${error.name}: ${message}`;
  return error;
}
