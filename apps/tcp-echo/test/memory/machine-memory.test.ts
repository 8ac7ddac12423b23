import { expect, test } from 'vitest';
import { machineMemory } from '../../src/memory/machine-memory.ts';

test('a control group that allows less than the machine has says how much memory there is', () => {
  expect(machineMemory(256, 1000)).toEqual({ bytes: 256, from: 'cgroup' });
  // No limit: 0, or more than any machine has.
  expect(machineMemory(0, 1000)).toEqual({ bytes: 1000, from: 'machine' });
  expect(machineMemory(2 ** 64, 1000)).toEqual({ bytes: 1000, from: 'machine' });
  expect(machineMemory().bytes).toBeGreaterThan(2 ** 20);
});
