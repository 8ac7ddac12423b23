import { setImmediate as nextTurn } from 'node:timers/promises';

/** So long at a time, in milliseconds: closing a connection that holds megabytes takes the kernel up to a millisecond. */
const TURN_MS = 10;

/**
 * Calls `each` for every item, one after the other, for 10 ms in a turn of the event loop: however many connections reach their limit at the
 * same moment, everybody else is served in between. The first ones are within the call.
 *
 * @param each - returns false when it is enough.
 */
export async function inTurns<Item>(items: Iterable<Item>, each: (item: Item) => boolean | void): Promise<void> {
  let startedAtMs = performance.now();
  for (const item of items) {
    if (each(item) === false) return;
    if (performance.now() - startedAtMs < TURN_MS) continue;
    await nextTurn();
    startedAtMs = performance.now();
  }
}
