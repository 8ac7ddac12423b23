import { expect, test } from 'vitest';
import { createWaitingQueue } from '../../src/sessions/waiting-queue.ts';
import type { Datagram } from '../../src/sessions/session.ts';
import type { WaitingQueue } from '../../src/sessions/waiting-queue.ts';

let lastSource = 0;

/** A datagram, by default of a source of its own. */
function datagram(text: string, address = `192.0.2.${(lastSource += 1)}`, port = 40_000): Datagram {
  return { payload: Buffer.from(text), peer: { address, port, family: address.includes(':') ? 'IPv6' : 'IPv4' } };
}

/** Adds datagrams of one source, each from another port, until there is no room for it. */
function fill(line: WaitingQueue, address: (index: number) => string): number {
  let count = 0;
  while (line.add(datagram('x', address(count), 40_000 + count))) count += 1;
  return count;
}

test('keeps the order of arrival; the first keeps its place until it leaves', () => {
  const line = createWaitingQueue({ maxDatagrams: 10, maxBytes: 100 });
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
  const line = createWaitingQueue({ maxDatagrams: 2, maxBytes: 100 });
  expect(['a', 'b', 'c'].map((text) => line.add(datagram(text)))).toEqual([true, true, false]);
  line.leave();
  expect(line.add(datagram('d'))).toBe(true);
});

test('takes as many bytes as the limit and not one more', () => {
  const line = createWaitingQueue({ maxDatagrams: 10, maxBytes: 8 });
  expect(['four', 'four', 'x', ''].map((text) => line.add(datagram(text)))).toEqual([true, true, false, true]);
  line.leave();
  expect(line.add(datagram('xyz!'))).toBe(true);
});

test('empties in order', () => {
  const line = createWaitingQueue({ maxDatagrams: 2, maxBytes: 8 });
  const all = [datagram('one'), datagram('two')];
  for (const each of all) line.add(each);
  expect(line.empty()).toEqual(all);
  expect(line.size).toBe(0);
  expect(line.add(datagram('full ...'))).toBe(true);
});

test('one source has half of the line, the next half of what is left, and there is a place for one more', () => {
  const line = createWaitingQueue({ maxDatagrams: 1000, maxBytes: 100_000 });
  expect(fill(line, () => '192.0.2.1')).toBe(500);
  expect(fill(line, (index) => `2001:db8::${index.toString(16)}`)).toBe(250);
  expect(fill(line, (index) => `2001:db8:0:1::${index.toString(16)}`)).toBe(125);
  expect(line.add(datagram('x', '192.0.2.1'))).toBe(false);
  expect(line.add(datagram('x', '192.0.2.2'))).toBe(true);
});

test('one source has half of the bytes', () => {
  const line = createWaitingQueue({ maxDatagrams: 1000, maxBytes: 16 });
  expect(['four', 'four', 'four'].map((text) => line.add(datagram(text, '192.0.2.1')))).toEqual([true, true, false]);
  expect(line.add(datagram('four', '192.0.2.2'))).toBe(true);
});

test('all datagrams of one peer leave, the first one too, and make room', () => {
  const line = createWaitingQueue({ maxDatagrams: 4, maxBytes: 100 });
  const [first, other, second] = [datagram('1', '192.0.2.1'), datagram('2', '192.0.2.1', 40_001), datagram('3', '192.0.2.2')];
  expect([first, other, second].map((each) => line.add(each))).toEqual([true, true, true]);
  expect(line.remove(first.peer)).toEqual([first]);
  expect(line.first()).toBe(other);
  expect(line.remove(first.peer)).toEqual([]);
  expect(line.empty()).toEqual([other, second]);
  expect(fill(line, () => '192.0.2.1')).toBe(2);
});
