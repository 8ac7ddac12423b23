import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createConnectionQueue } from '../../src/admission/connection-queue.ts';
import type { ConnectionQueue, Turn } from '../../src/admission/connection-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lineOf = (timeoutMs = 0, draining = new AbortController()) => ({
  line: createConnectionQueue({ draining: draining.signal, timeoutMs }),
  draining,
});

/** A client in line: where it is told to be, and what came of it. */
function join(line: ConnectionQueue) {
  const positions: number[] = [];
  const waited: number[] = [];
  const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
  const client = { positions, waited, leave, turn: undefined as Turn | undefined };
  const moved = (position: number): void => void positions.push(position);
  void line.turn({ gone, waits: (position) => waited.push(position), moved }).then((turn) => {
    client.turn = turn;
  });
  return client;
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const turnsOf = (clients: readonly { turn: Turn | undefined }[]) => clients.map(({ turn }) => turn);

test('the first is served at once and told nothing, the others in order of arrival', async () => {
  const { line } = lineOf();
  const clients = [join(line), join(line), join(line)];
  await settle();
  expect(turnsOf(clients)).toEqual(['granted', undefined, undefined]);
  expect(clients.map(({ waited }) => waited)).toEqual([[], [1], [2]]);
  expect(line.waiting).toBe(2);
  line.release();
  await settle();
  expect(turnsOf(clients)).toEqual(['granted', 'granted', undefined]);
  line.release();
  line.release();
  await settle();
  expect(turnsOf(clients)).toEqual(['granted', 'granted', 'granted']);
  const next = join(line);
  await settle();
  expect(next.turn).toBe('granted');
});

test('each is told its place at first and whenever it changes, and not otherwise', async () => {
  const { line } = lineOf();
  const [, second, third, fourth] = [join(line), join(line), join(line), join(line)];
  third.leave();
  await settle();
  expect([second, third, fourth].map((client) => client.positions)).toEqual([[1], [2], [3, 2]]);
  line.release();
  await settle();
  expect([second, third, fourth].map((client) => client.positions)).toEqual([[1], [2], [3, 2, 1]]);
  expect(third.turn).toBe('left');
});

test('who leaves after the turn was granted changes nothing for the others', async () => {
  const { line } = lineOf();
  const [, second, third] = [join(line), join(line), join(line)];
  line.release();
  second.leave();
  await settle();
  expect(turnsOf([second, third])).toEqual(['granted', undefined]);
  expect(line.waiting).toBe(1);
});

test('who waits too long is sent away, each by its own time', async () => {
  const { line } = lineOf(1000);
  const first = join(line);
  const second = join(line);
  await vi.advanceTimersByTimeAsync(600);
  const third = join(line);
  await vi.advanceTimersByTimeAsync(399);
  expect(turnsOf([first, second, third])).toEqual(['granted', undefined, undefined]);
  await vi.advanceTimersByTimeAsync(1);
  expect(turnsOf([first, second, third])).toEqual(['granted', 'queue-timeout', undefined]);
  expect(third.positions).toEqual([2, 1]);
  line.release();
  await vi.advanceTimersByTimeAsync(5000);
  expect(third.turn).toBe('granted');
  expect(vi.getTimerCount()).toBe(0);
});

test('0 waits for ever, and keeps no timer', async () => {
  const { line } = lineOf(0);
  join(line);
  const second = join(line);
  await vi.advanceTimersByTimeAsync(86_400_000);
  expect(second.turn).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});

test('draining sends everybody away who waits, and whoever comes later', async () => {
  const { line, draining } = lineOf(1000);
  const clients = [join(line), join(line), join(line)];
  await settle();
  draining.abort();
  clients.push(join(line));
  await settle();
  expect(turnsOf(clients)).toEqual(['granted', 'drain', 'drain', 'drain']);
  expect({ waiting: line.waiting, timers: vi.getTimerCount() }).toEqual({ waiting: 0, timers: 0 });
});
