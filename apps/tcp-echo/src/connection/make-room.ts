import { inTurns } from './in-turns.ts';
import type { Connection } from './connection.ts';
import type { MemoryBudget } from '@socklab/service';

/** How much is freed at least, so that it is not needed for each byte. */
const ROOM_PART = 8;

/** What to close a connection for. */
export type Holder = Pick<Connection, 'memoryBytes' | 'cut'>;

/**
 * Returns a function that closes the connections that hold most of an exhausted budget, until an eighth of it is free, and resolves
 * then; at once when it is already running.
 */
export function createRoomMaker(connections: Iterable<Holder>): (budget: MemoryBudget) => Promise<void> {
  let isMaking = false;
  return async (budget) => {
    if (isMaking) return;
    isMaking = true;
    try {
      await makeRoom(connections, budget);
    } finally {
      isMaking = false;
    }
  };
}

/**
 * In passes, each over those that hold most when it begins: while connections are cut in turns, others go on filling up, and whoever holds less
 * than the mean would be cut in their place. The first of a pass is cut at once, so each pass makes some room.
 */
async function makeRoom(connections: Iterable<Holder>, budget: MemoryBudget): Promise<void> {
  const wantedBytes = budget.limitBytes - budget.limitBytes / ROOM_PART;
  let beforeBytes = Number.POSITIVE_INFINITY;
  // When others took all that a pass made free, the next charge begins anew.
  while (budget.usedBytes > wantedBytes && budget.usedBytes < beforeBytes) {
    beforeBytes = budget.usedBytes;
    const holders = [...connections].filter(({ memoryBytes }) => memoryBytes > 0);
    if (holders.length === 0) return;
    const meanBytes = holders.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) / holders.length;
    const byMemory = holders
      .filter(({ memoryBytes }) => memoryBytes >= meanBytes)
      .toSorted((left, right) => right.memoryBytes - left.memoryBytes);
    await inTurns(byMemory, (connection) => {
      if (budget.usedBytes <= wantedBytes) return false;
      if (connection.memoryBytes >= meanBytes) connection.cut('memory-limit');
      return true;
    });
  }
}
