/** The numbers of lost datagrams of one socket, so that a late answer is told from a duplicate. */
export interface LostNumbers {
  /** Numbers are added in ascending order. */
  add(sequence: number): void;
  /** Whether the number was lost and not found before; marks it as found. */
  find(sequence: number): boolean;
  /** Lower numbers are no longer remembered. */
  readonly forgottenBelow: number;
}

/** Makes {@link LostNumbers} that remembers the last `max`. */
export function createLostNumbers(max: number): LostNumbers {
  const numbers = new Set<number>();
  let forgottenBelow = 0;
  return {
    add(sequence) {
      numbers.add(sequence);
      if (numbers.size <= max) return;
      for (const oldest of numbers) {
        numbers.delete(oldest);
        forgottenBelow = oldest + 1;
        return;
      }
    },
    find: (sequence) => numbers.delete(sequence),
    get forgottenBelow() {
      return forgottenBelow;
    },
  };
}
