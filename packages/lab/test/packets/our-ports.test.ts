import { expect, test } from 'vitest';
import { createOurPorts } from '../../src/lab/packets/our-ports.ts';

const packet = (from: number, to: number, transport: 'tcp' | 'udp' = 'tcp') => ({ transport, ports: [from, to] }) as const;

test('a packet is ours while a run uses its port, of its transport, on either side', () => {
  let time = 1000;
  const ours = createOurPorts(() => time);
  const run = ours.use();
  run.add('tcp', 80);
  expect(ours.has(packet(5000, 80), 1000)).toBe(true);
  expect(ours.has(packet(80, 5000), 1000.5)).toBe(true);
  expect(ours.has(packet(80, 5000, 'udp'), 1000.5)).toBe(false);
  expect(ours.has(packet(5000, 81), 1000.5)).toBe(false);
  expect(ours.has(packet(5000, 80), 999.9)).toBe(false);
  time = 2000;
  run.release();
  expect(ours.has(packet(5000, 80), 2000.9)).toBe(true);
  expect(ours.has(packet(5000, 80), 2001.1)).toBe(false);
});

test('a port that a later run uses again is ours again', () => {
  let time = 1000;
  const ours = createOurPorts(() => time);
  const first = ours.use();
  first.add('udp', 53);
  first.release();
  time = 3000;
  ours.use().add('udp', 53);
  expect(ours.has(packet(53, 9, 'udp'), 2000)).toBe(false);
  expect(ours.has(packet(53, 9, 'udp'), 4000)).toBe(true);
});

test('ports of ever more runs are forgotten, the oldest first', () => {
  const ours = createOurPorts(() => 1000);
  const run = ours.use();
  run.add('tcp', 1);
  for (let port = 2; port <= 10_001; port++) run.add('tcp', port);
  expect(ours.has(packet(1, 0), 1000)).toBe(false);
  expect(ours.has(packet(2, 0), 1000)).toBe(true);
});
