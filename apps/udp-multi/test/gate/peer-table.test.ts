import { expect, test } from 'vitest';
import { createPeerTable } from '../../src/gate/peer-table.ts';

test('an entry is kept as long as it is used, and forgotten after its time', () => {
  const table = createPeerTable<string>({ max: 10, ttlMs: 100 });
  table.put('a', 'A', 0);
  table.put('b', 'B', 50);
  expect(table.get('a', 100)).toBe('A');
  expect(table.get('a', 101)).toBeUndefined();
  expect([table.count(150), table.count(151)]).toEqual([1, 0]);
  table.put('b', 'B', 140);
  expect([...table.entries(240)]).toEqual(['B']);
  expect([...table.entries(241)]).toEqual([]);
  expect(table.size).toBe(0);
});

test('beyond the limit the one longest unused makes room', () => {
  const table = createPeerTable<string>({ max: 2, ttlMs: 100 });
  table.put('a', 'A', 0);
  table.put('b', 'B', 1);
  table.put('a', 'A', 2);
  table.put('c', 'C', 3);
  expect([...table.entries(3)]).toEqual(['A', 'C']);
});

test('100,000 peers cost no more than the limit', () => {
  const table = createPeerTable<number>({ max: 1000, ttlMs: 1_000_000 });
  for (let index = 0; index < 100_000; index++) table.put(`peer ${index}`, index, index);
  expect(table.size).toBe(1000);
});

test('what is deleted is gone', () => {
  const table = createPeerTable<string>({ max: 2, ttlMs: 100 });
  table.put('a', 'A', 0);
  expect([table.delete('a'), table.delete('a')]).toEqual([true, false]);
  expect(table.get('a', 0)).toBeUndefined();
});

test.each([0, -1, 1.5, Number.NaN])('a table of %d entries is a RangeError', (max) => {
  expect(() => createPeerTable({ max, ttlMs: 1 })).toThrow(RangeError);
});
