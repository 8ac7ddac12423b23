import { expect, test } from 'vitest';
import { createMemoryBudget } from '../../src/limits/memory-budget.ts';

const microtasks = (): Promise<void> => Promise.resolve();

test('tells once that it is spent, after the call that spent it, and again with the next charge', async () => {
  let times = 0;
  const budget = createMemoryBudget({ limitBytes: 100, onSpent: () => times++ });
  budget.charge(100);
  await microtasks();
  expect(times).toBe(0);
  budget.charge(1);
  budget.charge(1);
  expect(times).toBe(0);
  await microtasks();
  expect(times).toBe(1);
  budget.charge(1);
  await microtasks();
  expect(times).toBe(2);
});

test('does not tell when room was made meanwhile, and not of what is given back', async () => {
  let times = 0;
  const budget = createMemoryBudget({ limitBytes: 100, onSpent: () => times++ });
  budget.charge(150);
  budget.charge(-60);
  await microtasks();
  expect([times, budget.usedBytes]).toEqual([0, 90]);
});

test('a share is an eighth of what is left, and nothing of what is not', () => {
  const budget = createMemoryBudget({ limitBytes: 800, onSpent() {} });
  expect(budget.shareBytes).toBe(100);
  budget.charge(400);
  expect(budget.shareBytes).toBe(50);
  budget.charge(500);
  expect(budget.shareBytes).toBe(0);
});

test('what is reserved leaves a smaller share, and spends nothing', async () => {
  let times = 0;
  const budget = createMemoryBudget({ limitBytes: 800, onSpent: () => times++ });
  budget.reserve(400);
  expect([budget.shareBytes, budget.usedBytes]).toEqual([50, 0]);
  budget.reserve(800);
  budget.charge(1);
  await microtasks();
  expect([budget.shareBytes, times]).toEqual([0, 0]);
  budget.reserve(-1200);
  expect(budget.shareBytes).toBe(799 / 8);
});
