import { expect, test } from 'vitest';
import manyToMany from '../../src/experiments/transports/many-to-many.ts';
import oneToMany from '../../src/experiments/transports/one-to-many.ts';
import udpLosesSilently from '../../src/experiments/transports/udp-loses-silently.ts';
import { runExperiment } from '../../src/lab/run/runner.ts';
import { drawPeers } from '../../src/picture/peers.ts';
import { machine } from '../machine.ts';
import { event, helloAlex } from './picture-flow.ts';

/** A flow from `a`. */
function flow(to: string, events: Parameters<typeof helloAlex>[0]): ReturnType<typeof helloAlex> {
  return helloAlex(events, { transport: 'udp', between: { from: { en: 'a', zh: '甲' }, to: { en: to, zh: to } } });
}

test('one sender and its receivers are one picture: each datagram from its send down to its read, the same texts alike', async () => {
  const { flows } = await runExperiment(oneToMany, { machine, params: { receivers: 4, messages: 3 } });
  const drawing = drawPeers(flows, 700)!;
  expect(drawing.peers.map(({ name }) => name.en)).toEqual(['sender', 'receiver 1', 'receiver 2', 'receiver 3', 'receiver 4']);
  expect(drawing.datagrams).toHaveLength(12);
  for (const { from, x1, x2, y1, y2, text, message } of drawing.datagrams) {
    expect(from.en).toBe('sender');
    expect(x1).toBe(drawing.peers[0]!.x);
    expect(drawing.peers.slice(1).map(({ x }) => x)).toContain(x2);
    // What was read later stands further down.
    expect(y2).toBeGreaterThan(y1);
    expect(text).toBe(`news ${message}`);
  }
  const sent = drawing.datagrams.map(({ sentUs }) => sentUs);
  expect(sent).toEqual(sent.toSorted((one, other) => one - other));
});

test('everybody to everybody: each is a line, and hears all others', async () => {
  const { flows } = await runExperiment(manyToMany, { machine, params: { peers: 5 } });
  const drawing = drawPeers(flows, 700)!;
  expect(drawing.peers).toHaveLength(5);
  const heard = Object.groupBy(drawing.datagrams, ({ to }) => to.en);
  expect(Object.values(heard).map((all) => all!.length)).toEqual([4, 4, 4, 4, 4]);
});

test('a datagram that nobody read has no end, and only so many are drawn', () => {
  const lost = drawPeers([flow('b', [event('write', 10, 0, 5)]), flow('c', [event('write', 20, 0, 5), event('read', 30, 0, 5)])], 500)!;
  expect(lost.datagrams.map(({ y2, readUs }) => [y2 === null, readUs])).toEqual([
    [true, null],
    [false, 30],
  ]);
  const many = Array.from({ length: 100 }, (_, at) => event('write', at, 0, 5));
  expect(drawPeers([flow('b', many), flow('c', [])], 500)).toMatchObject({ omitted: 40, datagrams: { length: 60 } });
});

test('nothing is drawn of sockets without names, of two, or of more than have room', async () => {
  const { flows } = await runExperiment(udpLosesSilently, { machine });
  expect(drawPeers(flows, 700)).toBeUndefined();
  const all = await runExperiment(oneToMany, { machine, params: { receivers: 13, messages: 1 } });
  expect(drawPeers(all.flows, 700)).toBeUndefined();
  expect(drawPeers(all.flows.slice(0, 1), 700)).toBeUndefined();
  expect(drawPeers(all.flows.slice(0, 12), 700)).toBeDefined();
});
