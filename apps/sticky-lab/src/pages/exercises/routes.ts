import { exercises } from '../../exercises/list/index.ts';
import type { ExerciseRoutes } from './contract.ts';
import type { Handler } from 'hono';

/** Tells of the exercises. */
export function exerciseList(): Handler {
  const list = exercises.map(({ number, id, title, kind, task, hints, checks }) => ({
    number,
    id,
    title,
    kind,
    task,
    hints,
    checks: checks.map(({ name, points }) => ({ name, points })),
  }));
  return (context) => context.json<ExerciseRoutes['GET /api/exercises']['answer']>(list);
}
