import type { Exercise } from '../../exercises/exercise.ts';
import type { Text } from '@socklab/lab';

/** The exercises, which are graded by the command. */
export interface ExerciseRoutes {
  /** In their order. */
  'GET /api/exercises': { answer: readonly ExerciseSummary[] };
}

/** An exercise as it is told of. Plain JSON. */
export type ExerciseSummary = Pick<Exercise, 'number' | 'id' | 'title' | 'kind' | 'task' | 'hints'> & {
  readonly checks: readonly { readonly name: Text; readonly points: number }[];
};
