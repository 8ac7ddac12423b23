import { defineRoutes, json } from '../../http/route.ts';
import type { Exercise } from '../../exercises/exercise.ts';
import type { Text } from '@socklab/lab';

/** The exercises, which are graded by the command. */
export const EXERCISE_ROUTES = defineRoutes({
  'GET /api/exercises': { summary: 'the exercises, in their order', answer: json<readonly ExerciseSummary[]>('the exercises') },
});

/** An exercise as it is told of. Plain JSON. */
export type ExerciseSummary = Pick<Exercise, 'number' | 'id' | 'title' | 'kind' | 'task' | 'hints'> & {
  readonly checks: readonly { readonly name: Text; readonly points: number }[];
};
