import { exercises } from '../../exercises/list/index.ts';
import { serveRoutes } from '../../http/route.ts';
import { EXERCISE_ROUTES } from './contract.ts';
import type { Hono } from 'hono';

/** Tells of the exercises. */
export function serveExercises(app: Hono): void {
  const list = exercises.map(({ number, id, title, kind, task, hints, checks }) => ({
    number,
    id,
    title,
    kind,
    task,
    hints,
    checks: checks.map(({ name, points }) => ({ name, points })),
  }));
  serveRoutes(app, EXERCISE_ROUTES, { 'GET /api/exercises': () => list });
}
