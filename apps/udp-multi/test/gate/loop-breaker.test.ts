import { expect, test } from 'vitest';
import { createLoopBreaker } from '../../src/gate/loop-breaker.ts';
import { peerAt } from './fake-channel.ts';
import type { LoopBreaker } from '../../src/gate/loop-breaker.ts';
import type { Peer } from '../../src/peers.ts';

const PEER = peerAt(9001, '127.0.0.1');
const STRANGER = peerAt(9001, '198.51.100.7');

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
  expect(repeat(5000, 501, same)).not.toContain(true);
  expect(repeat(50, 500, same)).toContain(true);
});

test('payloads that differ are no loop, wherever they differ', () => {
  for (const length of [1, 31, 32, 33, 63, 64, 65, 100, 1400]) {
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

test('0 switches it off', () => {
  expect(repeat(1000, 0, same, 0)).not.toContain(true);
});

interface InFlight {
  readonly atMs: number;
  readonly payload: Uint8Array;
}

/**
 * Two services that answer each other, with datagrams of a network in between: forged ones begin it.
 *
 * @param answerOf - What a service answers with.
 * @returns How many datagrams there were until none was left; undefined when there were more than `most`.
 */
function loopBetweenTwo(
  begin: readonly Uint8Array[],
  roundTripMs: number,
  answerOf: (payload: Uint8Array, turn: number) => Uint8Array,
  isProven: boolean,
  most = 20_000,
  beginEachMs = 0.01,
): number | undefined {
  const sides: { readonly breaker: LoopBreaker; readonly peer: Peer; waiting: InFlight[] }[] = [
    peerAt(1, '192.0.2.1'),
    peerAt(2, '192.0.2.2'),
  ].map((peer) => ({ breaker: createLoopBreaker({ maxRepeats: 32 }), peer, waiting: [] }));
  sides[0]!.waiting.push(...begin.map((payload, index) => ({ atMs: index * beginEachMs, payload })));
  let turns = 0;
  for (;;) {
    const [one, other] = sides as [(typeof sides)[0], (typeof sides)[0]];
    const next = [one, other].filter(({ waiting }) => waiting.length > 0).toSorted((a, b) => a.waiting[0]!.atMs - b.waiting[0]!.atMs)[0];
    if (next === undefined) return turns;
    const { atMs, payload } = next.waiting.shift()!;
    turns += 1;
    if (turns > most) return undefined;
    if (next.breaker.isLoop(payload, next.peer, atMs, isProven)) continue;
    const { waiting } = next === one ? other : one;
    waiting.push({ atMs: atMs + roundTripMs / 2, payload: answerOf(payload, turns) });
    waiting.sort((a, b) => a.atMs - b.atMs);
  }
}

const echo = (payload: Uint8Array): Uint8Array => payload;
const fresh = (_: Uint8Array, turn: number): Uint8Array => Buffer.from(`answer number ${turn}`);

test.each([0.1, 1, 10, 100, 400])('two services that echo each other end before 100 datagrams, %d ms of round trip', (roundTripMs) => {
  expect(loopBetweenTwo([Buffer.from('hello')], roundTripMs, echo, true)).toBeLessThan(100);
});

test.each([0.1, 1, 10, 100, 400])('so does a peer that answers something new each time, before 200, %d ms of round trip', (roundTripMs) => {
  expect(loopBetweenTwo([Buffer.from('hello')], roundTripMs, fresh, false)).toBeLessThan(200);
});

test.each([2, 5, 40, 1000])('and %i loops at once between two services', (loops) => {
  const begin = Array.from({ length: loops }, (_, index) => Buffer.from(`loop ${index}`));
  for (const answerOf of [echo, fresh]) expect(loopBetweenTwo(begin, 10, answerOf, false, 100_000)).toBeLessThan(50_000);
});

test.each([50, 100, 260, 300, 400])('a loop that is begun again each %d ms, also right after a silence, gets no longer', (beginEachMs) => {
  const begin = Array.from({ length: 60 }, () => Buffer.from('hello'));
  for (const roundTripMs of [0.1, 10]) {
    for (const answerOf of [echo, fresh]) {
      expect(loopBetweenTwo(begin, roundTripMs, answerOf, false, 20_000, beginEachMs)).toBeLessThan(60 * 256);
    }
  }
});

test('payloads that were found to push each other out with an unkeyed digest do so no more', () => {
  // Any two: of 2,000 pairs none may keep a loop alive by taking each other's place.
  for (let pair = 0; pair < 2000; pair++) {
    const begin = [Buffer.from(`one ${pair}`), Buffer.from(`two ${pair}`)];
    expect(loopBetweenTwo(begin, 1, echo, true, 2000), `pair ${pair}`).toBeDefined();
  }
});

/** The share of a client's datagrams that is answered, one each `gapMs`, for so long. */
function answeredShare(
  client: (index: number) => Uint8Array,
  gapMs: number,
  forMs: number,
  forgedEachMs = Number.POSITIVE_INFINITY,
): number {
  const breaker = createLoopBreaker({ maxRepeats: 32 });
  let answered = 0;
  let sent = 0;
  let forgedAtMs = 0;
  for (let nowMs = 0; nowMs < forMs; nowMs += gapMs) {
    for (; forgedAtMs < nowMs; forgedAtMs += forgedEachMs) breaker.isLoop(client(sent), STRANGER, forgedAtMs, false);
    if (!breaker.isLoop(client(sent), STRANGER, nowMs, false)) answered += 1;
    sent += 1;
  }
  return answered / sent;
}

const ping = (): Uint8Array => Buffer.from('ping');
const numbered = (index: number): Uint8Array => Buffer.from(`number ${index}`);

test('a client that says the same for hours is answered nearly always, however fast it is', () => {
  expect(answeredShare(ping, 1000, 7_200_000)).toBe(1);
  expect(answeredShare(ping, 400, 7_200_000)).toBeGreaterThan(0.99);
  expect(answeredShare(ping, 10, 600_000)).toBeGreaterThan(0.98);
  expect(answeredShare(ping, 1, 60_000)).toBeGreaterThan(0.9);
});

test('a client that numbers what it says, from an address that is not proven, is answered nearly always', () => {
  expect(answeredShare(numbered, 5, 600_000)).toBeGreaterThan(0.98);
  expect(answeredShare(numbered, 501, 600_000)).toBe(1);
});

test('copies of what a client says, forged in its name, silence it for moments and not for a minute', () => {
  for (const each of [2, 10, 100]) expect(answeredShare(ping, 1000, 600_000, each), `one each ${each} ms`).toBeGreaterThan(0.95);
});
