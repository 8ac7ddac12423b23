import { expect, test } from 'vitest';
import { createLoopBreaker } from '../src/loop-breaker.ts';
import { digestOf } from '../src/payload-digest.ts';
import { peerAt } from './fake-exchange.ts';

const PEER = peerAt(9001, '127.0.0.1');

/** Whether each of `count` equal datagrams, `gapMs` apart, is a loop. */
function repeat(count: number, gapMs: number, payload: (index: number) => Uint8Array, maxRepeats = 4): readonly boolean[] {
  const breaker = createLoopBreaker({ maxRepeats });
  return Array.from({ length: count }, (_, index) => breaker.isLoop(payload(index), PEER, 1000 + index * gapMs));
}

const same = (): Uint8Array => Buffer.from('same');

test('more than the limit without a pause is a loop', () => {
  expect(repeat(6, 1, same)).toEqual([false, false, false, false, true, true]);
});

test('the same said again after half a second is a person, or a health check', () => {
  expect(repeat(50, 501, same)).not.toContain(true);
  expect(repeat(50, 500, same)).toContain(true);
});

test('payloads that differ are no loop, wherever they differ', () => {
  for (const length of [1, 31, 32, 33, 100, 1400]) {
    for (let position = 0; position < length; position++) {
      const payload = (index: number): Uint8Array => {
        const bytes = new Uint8Array(length);
        bytes[position] = index;
        return bytes;
      };
      expect(repeat(20, 1, payload), `${length} bytes, byte ${position}`).not.toContain(true);
    }
  }
});

test('another peer with the same payload has a count of its own', () => {
  const breaker = createLoopBreaker({ maxRepeats: 4 });
  const verdicts = Array.from({ length: 40 }, (_, index) => breaker.isLoop(same(), peerAt(9000 + (index % 10)), 1000));
  expect(verdicts).not.toContain(true);
});

test('several loops of one peer at once are each found', () => {
  const breaker = createLoopBreaker({ maxRepeats: 4 });
  const found = new Set<number>();
  for (let turn = 0; turn < 6; turn++) {
    for (let loop = 0; loop < 20; loop++) {
      if (breaker.isLoop(Buffer.from(`loop ${loop}`), PEER, 1000 + turn)) found.add(loop);
    }
  }
  expect(found.size).toBe(20);
});

test('a loop is not answered for a minute, then it may start again', () => {
  const breaker = createLoopBreaker({ maxRepeats: 4 });
  const at = (nowMs: number): boolean => breaker.isLoop(same(), PEER, nowMs);
  for (let index = 0; index < 5; index++) at(1000);
  expect([at(2000), at(30_000), at(60_999)]).toEqual([true, true, true]);
  expect([at(61_001), at(61_001)]).toEqual([false, false]);
});

test('0 switches it off', () => {
  expect(repeat(1000, 0, same, 0)).not.toContain(true);
});

test('the digest is the same for equal payloads of a peer and tells peers apart', () => {
  const payload = Buffer.from('x'.repeat(1000));
  expect(digestOf(payload, PEER)).toBe(digestOf(Buffer.from(payload), { ...PEER }));
  const others = [peerAt(9002, '127.0.0.1'), peerAt(9001, '127.0.0.2'), peerAt(9001, '::1')];
  for (const other of others) expect(digestOf(payload, other)).not.toBe(digestOf(payload, PEER));
});
