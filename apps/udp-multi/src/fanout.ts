/** Somebody who gets what others say. */
export interface Listener {
  /** Who it is, across all replicas. */
  readonly id: number;
}

/**
 * Gives a message to every listener but its author.
 *
 * @param author - Its id; 0 is nobody, and then all get it.
 * @returns To how many it was given.
 */
export function fanOut<Each extends Listener>(listeners: Iterable<Each>, author: number, give: (listener: Each) => void): number {
  let given = 0;
  for (const listener of listeners) {
    if (listener.id === author) continue;
    give(listener);
    given += 1;
  }
  return given;
}
