import type { Connection } from './connection.ts';
import type { MemoryBudget } from '@socklab/service';

/** What is free at least once room was made, so that it is not made anew for each byte. */
const ROOM_PART = 8;

/** Cuts those connections that hold most of a budget that is spent, until an eighth of it is free. */
export function makeRoom(connections: Iterable<Connection>, budget: MemoryBudget): void {
  const wantedBytes = budget.limitBytes - budget.limitBytes / ROOM_PART;
  const byMemory = [...connections].toSorted((left, right) => right.memoryBytes - left.memoryBytes);
  for (const connection of byMemory) {
    if (budget.usedBytes <= wantedBytes || connection.memoryBytes === 0) return;
    connection.cut('memory-limit');
  }
}
