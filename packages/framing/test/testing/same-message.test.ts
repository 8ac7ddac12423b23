import { expect, test } from 'vitest';
import { isSameMessage, shownMessage } from '../../src/testing/same-message.ts';
import { bytes } from '../support/bytes.ts';

const message = { header: { type: 1, key: bytes('k') }, payload: bytes('hi') };

test.each<[unknown, boolean]>([
  [{ header: { type: 1, key: Buffer.from('k') }, payload: Buffer.from('hi') }, true],
  [{ payload: bytes('hi'), header: { key: bytes('k'), type: 1 } }, true],
  [{ header: { type: 2, key: bytes('k') }, payload: bytes('hi') }, false],
  [{ header: { type: 1, key: bytes('x') }, payload: bytes('hi') }, false],
  [{ header: { type: 1 }, payload: bytes('hi') }, false],
  [{ header: { type: 1, key: bytes('k'), more: 0 }, payload: bytes('hi') }, false],
  [{ header: { type: 1, key: bytes('k') }, payload: bytes('hi!') }, false],
  [[], false],
  [bytes('hi'), false],
  [undefined, false],
])('of %j, whether it is the message that was sent is %s', (seen, isSame) => {
  expect(isSameMessage(seen, message)).toBe(isSame);
});

test('texts, numbers and lists are compared by what they say', () => {
  expect([isSameMessage('粘', '粘'), isSameMessage(Number.NaN, Number.NaN), isSameMessage([1, null], [1, null])]).toEqual([
    true,
    true,
    true,
  ]);
  expect([isSameMessage('a', 'b'), isSameMessage({ 0: 1 }, [1]), isSameMessage(null, {}), isSameMessage('a', bytes('a'))]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test('a message is shown with its header, and long bytes by their beginning', () => {
  expect(shownMessage(message)).toBe('{ header: { type: 1, key: 1 bytes [6b] }, payload: 2 bytes [68 69] }');
  expect(shownMessage(new Uint8Array(33))).toBe(`33 bytes [${'00 '.repeat(32)}…]`);
  expect([shownMessage(undefined), shownMessage('a'), shownMessage(null), shownMessage(1n)]).toEqual(['none', '"a"', 'null', '1']);
});
