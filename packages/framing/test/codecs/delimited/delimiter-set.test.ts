import { expect, test } from 'vitest';
import { DelimiterSet } from '../../../src/codecs/delimited/delimiter-set.ts';
import { Accumulator } from '../../../src/decoding/accumulator.ts';
import { bytes } from '../../support/bytes.ts';

function held(characters: string): Accumulator {
  const accumulator = new Accumulator();
  accumulator.append(bytes(characters), 0, characters.length, characters.length);
  return accumulator;
}

test('names the next byte that a delimiter may end in', () => {
  expect(new DelimiterSet([bytes('ab')]).nextEnd(bytes('aabb'), 0)).toBe(2);
  expect(new DelimiterSet([bytes('ab')]).nextEnd(bytes('aabb'), 3)).toBe(3);
  expect(new DelimiterSet([bytes('ab'), bytes(';')]).nextEnd(bytes('aa;b'), 0)).toBe(2);
  expect(new DelimiterSet([bytes('ab'), bytes(';')]).nextEnd(bytes('aa;b'), 4)).toBe(-1);
});

test('recognises the longest delimiter that ends at a byte, some of it held', () => {
  const delimiters = new DelimiterSet([bytes('\n'), bytes('\r\n'), bytes('end')]);
  expect(delimiters.longestBytes).toBe(3);
  expect(delimiters.lengthAt(bytes('x\r\n'), 0, 2, held(''))).toBe(2);
  expect(delimiters.lengthAt(bytes('\n'), 0, 0, held('x\r'))).toBe(2);
  expect(delimiters.lengthAt(bytes('d'), 0, 0, held('en'))).toBe(3);
  expect(delimiters.lengthAt(bytes('nd'), 0, 1, held('e'))).toBe(3);
  expect(delimiters.lengthAt(bytes('nd'), 0, 1, held('x'))).toBe(0);
  expect(delimiters.lengthAt(bytes('x'), 0, 0, held(''))).toBe(0);
});

test('a delimiter does not reach back over the start of the frame', () => {
  const delimiters = new DelimiterSet([bytes('\r\n'), bytes('\n')]);
  expect(delimiters.lengthAt(bytes('\r\n'), 1, 1, held(''))).toBe(1);
});

test('tells how many of the last bytes may be the beginning of a delimiter', () => {
  const delimiters = new DelimiterSet([bytes('--end'), bytes('-')]);
  for (const [characters, expected] of [
    ['', 0],
    ['x', 0],
    ['x-', 1],
    ['x--en', 4],
    ['x--end', 0],
    ['x---', 2],
  ] as const) {
    expect(delimiters.begunBytes(bytes(characters))).toBe(expected);
  }
});
