import { setImmediate as nextTurn } from 'node:timers/promises';

/** Time slice, in milliseconds: closing a connection that holds megabytes takes the kernel up to a millisecond. */
const TURN_MS = 10;

/**
 * Calls `each` for every item, one after the other, for 10 ms in a turn of the event loop: when many connections reach their limit at the
 * same moment, the others are served in between. The first items are handled within the call.
 *
 * @param each - returns false to stop.
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
