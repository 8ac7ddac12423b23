import { expect, test } from 'vitest';
import { createLocalPorts } from '../../src/kernel/local-ports.ts';

test('a port comes round again after it has rested, and not before', () => {
  let now = 0;
  const ports = createLocalPorts(5000, () => now);
  const first = ports.take();
  expect(first?.port).toBe(5000);
  first?.release(true);
  now = 1_099;
  expect(ports.take()?.port).toBe(5001);
  now = 1_100;
  expect(ports.take()?.port).toBe(5000);
});

test('the port that rested least comes round first, so that the fewest come round at all', () => {
  let now = 0;
  const ports = createLocalPorts(5000, () => now);
  const taken = [ports.take(), ports.take(), ports.take()];
  for (const each of taken) {
    now += 1;
    each?.release(true);
  }
  now += 1_100;
  expect(ports.take()?.port).toBe(5002);
  expect(ports.take()?.port).toBe(5001);
});

test('gives at most 4096 ports at once, then leaves the choice to the kernel', () => {
  const ports = createLocalPorts(10_000, () => 0);
  for (let count = 0; count < 4096; count++) expect(ports.take()?.port).toBe(10_000 + count);
  expect(ports.take()).toBeUndefined();
});

test('gives no more ports after eight refusals in a row', () => {
  const ports = createLocalPorts(10_000, () => 0);
  for (let count = 0; count < 7; count++) ports.take()?.release(false);
  ports.take()?.release(true);
  for (let count = 0; count < 8; count++) ports.take()?.release(false);
  expect(ports.take()).toBeUndefined();
});
