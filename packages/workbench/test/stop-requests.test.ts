import { expect, test } from 'vitest';
import { createStopRequests } from '../src/stop-requests.ts';
import type { StopSignal } from '../src/stop-requests.ts';

/** Feeds signals at given times, in milliseconds; returns how often a stop was asked for. */
function stops(signals: readonly (readonly [time: number, signal: StopSignal])[]): number {
  let count = 0;
  let time = 0;
  const request = createStopRequests(
    () => count++,
    () => time,
  );
  for (const [at, signal] of signals) {
    time = at;
    request(signal);
  }
  return count;
}

test('the SIGINT that npm passes on right after that of the terminal is no second request', () => {
  expect(
    stops([
      [1000, 'SIGINT'],
      [1003, 'SIGINT'],
    ]),
  ).toBe(1);
});

test('a second Ctrl-C is', () => {
  expect(
    stops([
      [1000, 'SIGINT'],
      [1003, 'SIGINT'],
      [2000, 'SIGINT'],
      [2003, 'SIGINT'],
    ]),
  ).toBe(2);
});

test('every SIGTERM is', () => {
  expect(
    stops([
      [1000, 'SIGTERM'],
      [1001, 'SIGTERM'],
    ]),
  ).toBe(2);
  expect(
    stops([
      [1000, 'SIGTERM'],
      [1001, 'SIGINT'],
    ]),
  ).toBe(2);
});
