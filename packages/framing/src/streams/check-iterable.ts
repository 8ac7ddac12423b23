import { shown } from '../check-bytes.ts';

/**
 * Throws unless `source` is iterable, and not itself an item: bytes would be iterated byte by byte.
 *
 * @throws TypeError that says what was given and what is allowed.
 */
export function checkIterable(source: unknown, items: string): void {
  const isIterable = typeof source === 'object' && source !== null && (Symbol.iterator in source || Symbol.asyncIterator in source);
  if (isIterable && !ArrayBuffer.isView(source)) return;
  throw new TypeError(`${items} must come in an iterable or an async iterable, received ${shown(source)}`);
}
