/** Direction of bytes: `up` from the client to the target, `down` from the target to the client. */
export type Direction = 'up' | 'down';

/** Directions that a setting applies to. */
export type Directions = Direction | 'both';

/** The values of `--direction`. */
export const DIRECTIONS: readonly Directions[] = ['up', 'down', 'both'];

/** Whether `direction` is one of `directions`. */
export function isIn(direction: Direction, directions: Directions): boolean {
  return directions === 'both' || directions === direction;
}
