import { COOKIE_BYTES } from '@socklab/client/room';
import { expect, test } from 'vitest';
import { COOKIE_EPOCH_MS, createCookieJar } from '../../src/room/cookie.ts';
import { peerAt } from '../gate/fake-channel.ts';

const KEY = Buffer.alloc(32, 7);
const jar = createCookieJar(KEY);
const PEER = peerAt(4000);
const NOW = 1_000 * COOKIE_EPOCH_MS;

test('a cookie is good for its peer in its epoch and the next, and no longer', () => {
  const cookie = jar.bake(PEER, NOW);
  expect(cookie).toHaveLength(COOKIE_BYTES);
  expect(jar.check(cookie, PEER, NOW + COOKIE_EPOCH_MS - 1)).toBe(true);
  expect(jar.check(cookie, PEER, NOW + 2 * COOKIE_EPOCH_MS - 1)).toBe(true);
  expect(jar.check(cookie, PEER, NOW + 2 * COOKIE_EPOCH_MS)).toBe(false);
  expect(jar.check(cookie, PEER, NOW - 1)).toBe(false);
});

test.each([peerAt(4001), peerAt(4000, '192.0.2.2'), peerAt(4000, '2001:db8::1'), peerAt(400, '192.0.2.10')])(
  'it is no good for %o',
  (other) => {
    expect(jar.check(jar.bake(PEER, NOW), other, NOW)).toBe(false);
  },
);

test('every changed bit, and every other length, is refused', () => {
  const cookie = jar.bake(PEER, NOW);
  for (let bit = 0; bit < 8 * COOKIE_BYTES; bit++) {
    const changed = Uint8Array.from(cookie);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(jar.check(changed, PEER, NOW)).toBe(false);
  }
  for (const length of [0, 1, 15]) expect(jar.check(cookie.subarray(0, length), PEER, NOW)).toBe(false);
  expect(jar.check(Buffer.concat([cookie, Buffer.from([0])]), PEER, NOW)).toBe(false);
});

test("replicas with the same key take each other's cookies, others do not", () => {
  expect(createCookieJar(Buffer.from(KEY)).check(jar.bake(PEER, NOW), PEER, NOW)).toBe(true);
  expect(createCookieJar(Buffer.alloc(32, 8)).check(jar.bake(PEER, NOW), PEER, NOW)).toBe(false);
});

test('a key of 16 bytes is the shortest', () => {
  expect(() => createCookieJar(Buffer.alloc(15))).toThrow(/15 bytes.*16/);
  createCookieJar(Buffer.alloc(16));
});
