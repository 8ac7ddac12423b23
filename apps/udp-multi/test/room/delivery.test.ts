import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createDelivery } from '../../src/room/delivery.ts';
import type { DeliveryOptions, Receiver } from '../../src/room/delivery.ts';

const receivers = (count: number): readonly Receiver[] => Array.from({ length: count }, (_, index) => ({ id: index + 1 }));
const message = (text: string): Uint8Array => Buffer.from(text);

function startDelivery(options: Partial<DeliveryOptions<Receiver>> = {}) {
  const given: string[] = [];
  const delivery = createDelivery<Receiver>({ give: ({ id }, bytes) => given.push(`${id} ${String(bytes)}`), ...options });
  return { given, delivery };
}

test('every receiver but the author gets it, within the call while there is room in the turn', () => {
  const { given, delivery } = startDelivery();
  delivery.deliver(message('hi'), 2, receivers(3));
  delivery.deliver(message('all'), 0, receivers(2));
  expect(given).toEqual(['1 hi', '3 hi', '1 all', '2 all']);
});

test('so many copies leave in a turn, in order, and the next ones a turn later', async () => {
  const { given, delivery } = startDelivery({ copiesPerTurn: 4 });
  delivery.deliver(message('a'), 0, receivers(3));
  delivery.deliver(message('b'), 0, receivers(3));
  delivery.deliver(message('c'), 0, receivers(3));
  const turns = [given.length];
  while (given.length < 9) {
    await nextTurn();
    turns.push(given.length);
  }
  expect(turns.filter((count, index) => count !== turns[index - 1])).toEqual([4, 8, 9]);
  expect(given).toEqual(['1 a', '2 a', '3 a', '1 b', '2 b', '3 b', '1 c', '2 c', '3 c']);
});

test('so many copies wait, and so many messages; one message always may', async () => {
  const { delivery } = startDelivery({ copiesPerTurn: 1, maxCopies: 10, maxMessages: 4 });
  expect(delivery.hasRoomFor(1000)).toBe(true);
  delivery.deliver(message('a'), 0, receivers(6));
  // One of them is given.
  expect([5, 6].map((count) => delivery.hasRoomFor(count))).toEqual([true, false]);
  for (let index = 0; index < 3; index++) delivery.deliver(message('b'), 0, receivers(1));
  expect(delivery.hasRoomFor(1)).toBe(false);
  await delivery.delivered(new AbortController().signal);
  expect(delivery.hasRoomFor(1000)).toBe(true);
});

test('a message for nobody does not wait', async () => {
  const { delivery } = startDelivery({ maxMessages: 1 });
  for (let index = 0; index < 10; index++) delivery.deliver(message('a'), 0, []);
  expect(delivery.hasRoomFor(1)).toBe(true);
  expect(await delivery.delivered(new AbortController().signal)).toBe(0);
});

test('at the end it waits until all is given, or throws away what is not when the time is over', async () => {
  const { given, delivery } = startDelivery({ copiesPerTurn: 2 });
  delivery.deliver(message('a'), 0, receivers(5));
  expect(await delivery.delivered(new AbortController().signal)).toBe(0);
  expect(given).toHaveLength(5);
  delivery.deliver(message('b'), 0, receivers(5));
  expect(await delivery.delivered(AbortSignal.abort())).toBe(5 - (given.length - 5));
  const before = given.length;
  await nextTurn();
  await nextTurn();
  expect(given).toHaveLength(before);
});
