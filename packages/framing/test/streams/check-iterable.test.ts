import { expect, test } from 'vitest';
import { checkIterable } from '../../src/streams/check-iterable.ts';

test('iterables of both kinds are taken, and bytes are not: they would be iterated byte by byte', () => {
  checkIterable([], 'chunks');
  checkIterable((async function* () {})(), 'chunks');
  for (const other of [new Uint8Array(2), 'text', undefined, {}])
    expect(() => checkIterable(other, 'chunks')).toThrow('chunks must come in an iterable');
});
