import { createLoadTurns, createPace } from '@socklab/client';
import { expect, test } from 'vitest';
import type { LoadSender } from '@socklab/client';

/** Senders that have room for so many messages, and what each was given. */
function senders(
  pace: ReturnType<typeof createPace>,
  rooms: readonly number[],
): { readonly all: readonly LoadSender[]; readonly given: number[] } {
  const given = rooms.map(() => 0);
  const all = rooms.map((room, index) => ({
    fill(now: number, wanted: number): number {
      const count = pace.claim(Math.min(wanted, room - given[index]!), now);
      given[index]! += count;
      return count;
    },
  }));
  return { all, given };
}

test('what is owed is shared evenly, in turn', () => {
  const pace = createPace({ startMs: 0, ratePerSecond: 1000 });
  const { all, given } = senders(pace, [100, 100, 100]);
  const turns = createLoadTurns(pace, all, () => undefined);
  expect(turns.give(8)).toBe(false);
  expect(given).toEqual([3, 3, 3]);
  turns.give(9);
  expect(given).toEqual([4, 3, 3]);
  turns.give(10);
  expect(given).toEqual([4, 4, 3]);
});

test('who has no room is passed over, and what nobody has room for stays owed', () => {
  const pace = createPace({ startMs: 0, ratePerSecond: 1000 });
  const { all, given } = senders(pace, [0, 2]);
  const turns = createLoadTurns(pace, all, () => undefined);
  expect(turns.give(1)).toBe(true);
  expect(turns.give(2)).toBe(true);
  expect(given).toEqual([0, 2]);
  expect(pace.owed(2)).toBe(1);
});

test('calls when the next message is due, and not once it is stopped', async () => {
  const pace = createPace({ startMs: performance.now(), ratePerSecond: 50 });
  const { all } = senders(pace, [100]);
  const dueAt = await new Promise<number>((resolve) => {
    const turns = createLoadTurns(pace, all, () => resolve(performance.now()));
    turns.give(performance.now());
    turns.wait();
  });
  expect(dueAt).toBeGreaterThanOrEqual(pace.nextDueMs()!);
  let isCalled = false;
  const stopped = createLoadTurns(pace, all, () => void (isCalled = true));
  stopped.wait();
  stopped.stop();
  await new Promise((resolve) => setImmediate(resolve));
  expect(isCalled).toBe(false);
});
