import { expect, test } from 'vitest';
import { look, noteQueue, seenNothing } from '../../src/connection/watch.ts';
import type { Looked, Timeouts } from '../../src/connection/watch.ts';

const timeouts: Timeouts = { idleTimeoutMs: 60_000, frameTimeoutMs: 30_000, slowTimeoutMs: 10_000 };
const silent: Looked = { state: 'serving', bytesIn: 0, bytesOut: 0, messagesIn: 0, pendingBytes: 0, partialBytes: 0 };

/** When a connection, looked at every second, is ended, and why; looked at for ten minutes. */
function struck(at: (second: number) => Partial<Looked>, limits: Partial<Timeouts> = {}): string {
  const seen = seenNothing(0);
  for (let second = 1; second <= 600; second++) {
    const breach = look({ ...silent, ...at(second) }, seen, second * 1000, { ...timeouts, ...limits });
    if (breach !== undefined) return `${breach} ${second}s`;
  }
  return 'never';
}

test('silence in both directions is idle-timeout, at the limit', () => {
  expect(struck(() => ({}))).toBe('idle-timeout 60s');
  expect(struck(() => ({}), { idleTimeoutMs: 5000 })).toBe('idle-timeout 5s');
});

test.each<[string, (second: number) => Partial<Looked>]>([
  ['hears', (second) => ({ bytesIn: second })],
  ['sends', (second) => ({ bytesOut: second })],
  ['hears now and then', (second) => ({ bytesIn: Math.floor(second / 59) })],
  ['waits in line', () => ({ state: 'waiting' })],
  ['is ending', () => ({ state: 'ending' })],
])('a connection that %s is not idle', (_, at) => {
  expect(struck(at)).toBe('never');
});

test('the time in line does not count as idle afterwards', () => {
  expect(struck((second) => ({ state: second < 100 ? 'waiting' : 'serving' }))).toBe('idle-timeout 159s');
});

test('a message that does not become complete is frame-timeout, however many bytes trickle in', () => {
  expect(struck((second) => ({ bytesIn: second, partialBytes: second }))).toBe('frame-timeout 30s');
});

test('each message has the whole time', () => {
  // One is complete every 29 s, and the next has begun within the same read.
  expect(struck((second) => ({ bytesIn: second, partialBytes: 1, messagesIn: Math.floor(second / 29) }))).toBe('never');
  expect(struck((second) => ({ bytesIn: second, partialBytes: 1, messagesIn: Math.min(2, Math.floor(second / 29)) }))).toBe(
    'frame-timeout 88s',
  );
});

test('the time between messages is not the time of a message', () => {
  expect(struck((second) => ({ bytesIn: second, partialBytes: second < 100 ? 0 : 1 }))).toBe('frame-timeout 129s');
});

test('a peer that takes nothing is slow-reader', () => {
  expect(struck((second) => ({ bytesIn: second, pendingBytes: 1 }))).toBe('slow-reader 10s');
});

test('a peer that takes a byte at every look is not slow, however much it owes', () => {
  expect(struck((second) => ({ bytesOut: second, pendingBytes: 5000 }))).toBe('never');
  // Takes one every nine seconds.
  expect(struck((second) => ({ bytesOut: Math.floor(second / 9), pendingBytes: 5000 }))).toBe('never');
});

/** As {@link struck} for a peer of which only the kernel's queue tells that it takes something. */
function struckByQueue(queuedBytes: (second: number) => number | undefined): string {
  const seen = seenNothing(0);
  for (let second = 1; second <= 600; second++) {
    const breach = look({ ...silent, bytesIn: second, pendingBytes: 1 }, seen, second * 1000, timeouts);
    if (breach !== undefined) return `${breach} ${second}s`;
    noteQueue(seen, queuedBytes(second), second * 1000);
  }
  return 'never';
}

test('a peer that empties what the kernel holds takes something, though the kernel takes nothing of what is pending', () => {
  expect(struckByQueue((second) => 1_000_000 - second)).toBe('never');
  expect(struckByQueue((second) => 1_000_000 - Math.floor(second / 8))).toBe('never');
  expect(struckByQueue((second) => 1_000_000 - Math.min(second, 100))).toBe('slow-reader 110s');
});

test.each([
  ['stands still', 1000],
  ['cannot be told', undefined],
])('a peer whose queue %s is slow-reader', (_, queuedBytes) => {
  expect(struckByQueue(() => queuedBytes)).toBe('slow-reader 10s');
});

test('a peer that has taken all is not slow, and has the whole time again', () => {
  expect(struck((second) => ({ bytesIn: second, pendingBytes: second % 10 === 0 ? 0 : 500 }))).toBe('never');
});

test('what a peer does not take is cut while the connection is ending too', () => {
  expect(struck(() => ({ state: 'ending', pendingBytes: 1 }))).toBe('slow-reader 10s');
});

test('of several limits the one that is hardest on the service comes first', () => {
  const all = { idleTimeoutMs: 1000, frameTimeoutMs: 1000, slowTimeoutMs: 1000 };
  expect(struck(() => ({ pendingBytes: 1, partialBytes: 1 }), all)).toBe('slow-reader 1s');
  expect(struck(() => ({ partialBytes: 1 }), all)).toBe('frame-timeout 1s');
});

test('0 is for ever', () => {
  const none = { idleTimeoutMs: 0, frameTimeoutMs: 0, slowTimeoutMs: 0 };
  expect(struck(() => ({ pendingBytes: 5000, partialBytes: 1 }), none)).toBe('never');
});

test('a connection that is seen for the first time long after it was accepted has had that time', () => {
  expect(look(silent, seenNothing(0), 60_000, timeouts)).toBe('idle-timeout');
  expect(look(silent, seenNothing(1), 60_000, timeouts)).toBeUndefined();
});
