import { expect, test } from 'vitest';
import { parseLoadRate, sizesBetween } from '../../src/load/values.ts';

test.each([
  ['64', 64, 64],
  ['1KiB', 1024, 1024],
  ['16..1KiB', 16, 1024],
  ['1..1', 1, 1],
  ['1.5KiB..2KiB', 1536, 2048],
])('a size of payloads %s is %i to %i bytes', (text, min, max) => {
  expect(sizesBetween(1)(text)).toEqual({ min, max });
});

test.each(['0', '0..5', '9..8', '', '..', '5..', '..5', '1..2..3', '64kb', '-1'])('a size of payloads %j is refused', (text) => {
  expect(() => sizesBetween(1)(text)).toThrow(/is not a size/);
});

test.each([
  ['1000/s', 1000],
  ['0.5/s', 0.5],
  ['30/m', 0.5],
  ['1000000/s', 1_000_000],
  ['off', 0],
])('a rate of %s is %d a second', (text, perSecond) => {
  expect(parseLoadRate(text)).toBe(perSecond);
});

test.each(['1000', '0/s', '1000001/s', '-1/s', '1/h', '', '/s'])('a rate of %j is refused', (text) => {
  expect(() => parseLoadRate(text)).toThrow(/is not a rate/);
});

test('sizes end at the most that is allowed', () => {
  expect(sizesBetween(0, 100)('0..100')).toEqual({ min: 0, max: 100 });
  expect(() => sizesBetween(0, 100)('101')).toThrow('"101" is not a size to send: give 0 to 100 bytes, ranges upwards: 64, 16..1KiB.');
});
