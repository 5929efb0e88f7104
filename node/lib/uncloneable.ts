/**
 * What belongs to its thread. JavaScript copies an object with private parts as `{}`, without a word; a `WeakSet` cannot be
 * copied, so that `structuredClone` and `postMessage` of what begins as one throw a `DataCloneError` that names the class.
 * Nothing else of a `WeakSet` is kept.
 */
export const Uncloneable = WeakSet as unknown as new () => object;

/** Hides the methods of a `WeakSet` from a class that extends `Uncloneable`. */
export function hideBase(derived: { prototype: object }): void {
  Object.setPrototypeOf(derived.prototype, Object.prototype);
}
