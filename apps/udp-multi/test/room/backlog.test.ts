import { expect, test } from 'vitest';
import { createBacklog } from '../../src/room/bus/backlog.ts';

test('messages come out in order, once', () => {
  const backlog = createBacklog({ maxMessages: 3, maxBytes: 100 });
  for (const text of ['one', 'two']) expect(backlog.add(Buffer.from(text))).toBe(0);
  expect(backlog.take().map(String)).toEqual(['one', 'two']);
  expect(backlog.take()).toEqual([]);
});

test('beyond the number the oldest make room', () => {
  const backlog = createBacklog({ maxMessages: 3, maxBytes: 100 });
  expect(['1', '2', '3', '4', '5'].map((text) => backlog.add(Buffer.from(text)))).toEqual([0, 0, 0, 1, 1]);
  expect(backlog.take().map(String)).toEqual(['3', '4', '5']);
});

test('beyond the bytes the oldest make room, as many as it takes', () => {
  const backlog = createBacklog({ maxMessages: 100, maxBytes: 10 });
  expect(['aaa', 'bbb', 'ccc', 'dddddddd'].map((text) => backlog.add(Buffer.from(text)))).toEqual([0, 0, 0, 3]);
  expect(backlog.take().map(String)).toEqual(['dddddddd']);
  expect(backlog.add(Buffer.from('eleven byte'))).toBe(1);
  expect(backlog.size).toBe(0);
});
