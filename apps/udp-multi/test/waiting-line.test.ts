import { expect, test } from 'vitest';
import { createWaitingLine } from '../src/sessions/waiting-line.ts';
import type { Datagram } from '../src/sessions/session.ts';

function datagram(text: string): Datagram {
  return { payload: Buffer.from(text), peer: { address: '127.0.0.1', port: 40_000, family: 'IPv4' } };
}

test('keeps the order of arrival; the first keeps its place until it leaves', () => {
  const line = createWaitingLine({ maxDatagrams: 10, maxBytes: 100 });
  const [one, two] = [datagram('one'), datagram('two')];
  expect([line.add(one), line.add(two)]).toEqual([true, true]);
  expect(line.first()).toBe(one);
  expect(line.first()).toBe(one);
  line.leave();
  expect(line.first()).toBe(two);
  line.leave();
  line.leave();
  expect(line.first()).toBeUndefined();
  expect(line.size).toBe(0);
});

test('takes as many datagrams as the limit and not one more, and another when one has left', () => {
  const line = createWaitingLine({ maxDatagrams: 2, maxBytes: 100 });
  expect(['a', 'b', 'c'].map((text) => line.add(datagram(text)))).toEqual([true, true, false]);
  line.leave();
  expect(line.add(datagram('d'))).toBe(true);
});

test('takes as many bytes as the limit and not one more', () => {
  const line = createWaitingLine({ maxDatagrams: 10, maxBytes: 8 });
  expect(['four', 'four', 'x', ''].map((text) => line.add(datagram(text)))).toEqual([true, true, false, true]);
  line.leave();
  expect(line.add(datagram('xyz!'))).toBe(true);
});

test('empties in order', () => {
  const line = createWaitingLine({ maxDatagrams: 2, maxBytes: 8 });
  const all = [datagram('one'), datagram('two')];
  for (const each of all) line.add(each);
  expect(line.empty()).toEqual(all);
  expect(line.size).toBe(0);
  expect(line.add(datagram('full ...'))).toBe(true);
});
