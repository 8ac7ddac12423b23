/** Which way bytes go: `up` from the client to the target, `down` from the target to the client. */
export type Direction = 'up' | 'down';

/** The directions that something is done in. */
export type Directions = Direction | 'both';

/** The values of `--direction`. */
export const DIRECTIONS: readonly Directions[] = ['up', 'down', 'both'];

/** Whether `direction` is one of `directions`. */
export function isIn(direction: Direction, directions: Directions): boolean {
  return directions === 'both' || directions === direction;
}
