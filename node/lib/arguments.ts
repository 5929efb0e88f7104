// What TypeScript checks when a program is written, and JavaScript only here: arguments of another type than they should be.
import { invalid } from './errors.js';

/** What something is, for a message. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return `${value}`;
  if (typeof value === 'string') return 'text';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return value.constructor?.name || Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** The options of a call: an object, or nothing. */
export function optionsOf<T extends object>(options: T | null | undefined): Partial<T> {
  if (options === undefined || options === null) return {};
  if (isPlain(options)) return options;
  throw invalid(`options are an object, such as { name: value }, not ${nameOf(options)}`);
}

/** Whether something is an object of nobody's class, of whichever realm. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || (Object.getPrototypeOf(prototype) === null && !Array.isArray(value));
}

/** Text, which `what` has to be. */
export function textOf(what: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid(`${what} is text, not ${nameOf(value)}`);
}
