import { expect, test } from 'vitest';
import { createDelayQueue } from '../../src/outbox/impair/delay-queue.ts';
import { createImpairment, isImpaired, OVERTAKEN_MS } from '../../src/outbox/impair/impairment.ts';
import { createSchedule } from '../../src/outbox/impair/schedule.ts';
import type { Fate, ImpairmentOptions } from '../../src/outbox/impair/impairment.ts';

const NONE: ImpairmentOptions = { loss: 0, dup: 0, reorder: 0, delayMs: 0, jitterMs: 0, seed: 1 };

function fates(count: number, options: Partial<ImpairmentOptions>): readonly Fate[] {
  const next = createImpairment({ ...NONE, ...options });
  return Array.from({ length: count }, () => next());
}

test('the same seed gives the same fates, another seed others', () => {
  const options = { loss: 0.1, dup: 0.1, reorder: 0.1, delayMs: 20, jitterMs: 5 };
  expect(fates(1000, options)).toEqual(fates(1000, options));
  expect(fates(1000, options)).not.toEqual(fates(1000, { ...options, seed: 2 }));
});

test('shares are what was asked for', () => {
  const all = fates(20_000, { loss: 0.05, dup: 0.01, reorder: 0.02 });
  const share = (is: (fate: Fate) => boolean): number => all.filter((fate) => is(fate)).length / all.length;
  expect(share(({ copies }) => copies === 0)).toBeCloseTo(0.05, 2);
  expect(share(({ copies }) => copies === 2)).toBeCloseTo(0.01 * 0.95, 2);
  expect(share(({ delayMs }) => delayMs === OVERTAKEN_MS)).toBeCloseTo(0.02, 2);
});

function lost(options: Partial<ImpairmentOptions>): readonly boolean[] {
  return fates(1000, { loss: 0.3, ...options }).map(({ copies }) => copies === 0);
}

test('one option does not change what another does', () => {
  expect(lost({ dup: 0.5, reorder: 0.5, delayMs: 10, jitterMs: 10 })).toEqual(lost({}));
});

test('delays spread evenly around what was asked for, and never below 0', () => {
  const delays = fates(5000, { delayMs: 20, jitterMs: 5 }).map(({ delayMs }) => delayMs);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(15);
  expect(Math.max(...delays)).toBeLessThanOrEqual(25);
  expect(delays.reduce((sum, each) => sum + each, 0) / delays.length).toBeCloseTo(20, 0);
});

test('with nothing asked for, nothing is impaired', () => {
  expect(isImpaired(NONE)).toBe(false);
  for (const option of ['loss', 'dup', 'reorder', 'delayMs', 'jitterMs'] as const)
    expect(isImpaired({ ...NONE, [option]: 0.1 })).toBe(true);
});

test('a schedule gives the earliest first, equal times in order, and nothing before its time', () => {
  const schedule = createSchedule<string>({ maxItems: 100, maxBytes: 100 });
  for (const [item, dueMs] of [
    ['c', 30],
    ['a', 10],
    ['b1', 20],
    ['b2', 20],
    ['b3', 20],
  ] as const)
    schedule.add(item, dueMs, 1);
  expect(schedule.nextMs).toBe(10);
  expect(schedule.takeDue(9)).toBeUndefined();
  expect([20, 20, 20, 20, 20].map((now) => schedule.takeDue(now))).toEqual(['a', 'b1', 'b2', 'b3', undefined]);
  expect(schedule.take()).toBe('c');
  expect(schedule.take()).toBeUndefined();
});

test('any order goes in, the order of time comes out', () => {
  const schedule = createSchedule<number>({ maxItems: 2000, maxBytes: 2000 });
  const next = createImpairment({ ...NONE, delayMs: 500, jitterMs: 500 });
  const times = Array.from({ length: 1000 }, () => next().delayMs);
  for (const time of times) schedule.add(time, time, 1);
  const out = times.map(() => schedule.take());
  expect(out).toEqual(times.toSorted((one, other) => one - other));
});

test('a schedule is bounded in items and in bytes', () => {
  const schedule = createSchedule<string>({ maxItems: 2, maxBytes: 10 });
  expect([schedule.add('a', 1, 10), schedule.add('b', 1, 1)]).toEqual([true, false]);
  schedule.take();
  expect([schedule.add('a', 1, 1), schedule.add('b', 1, 1), schedule.add('c', 1, 1)]).toEqual([true, true, false]);
});

test('a delay queue runs what is due in order, and a flush the rest', async () => {
  const queue = createDelayQueue();
  const ran: string[] = [];
  const last = Promise.withResolvers<void>();
  queue.add(() => (ran.push('late'), last.resolve()), 20, 1);
  queue.add(() => ran.push('early'), 1, 1);
  await last.promise;
  queue.add(() => ran.push('flushed 2'), 60_000, 1);
  queue.add(() => ran.push('flushed 1'), 50_000, 1);
  queue.flush();
  expect(ran).toEqual(['early', 'late', 'flushed 1', 'flushed 2']);
  expect(queue.size).toBe(0);
});
