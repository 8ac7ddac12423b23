import { JOB_ROUTES } from './http/jobs/contract.ts';
import { defineRoutes, json } from './http/route.ts';
import { CHAT_ROUTES } from './pages/chat/contract.ts';
import { EXERCISE_ROUTES } from './pages/exercises/contract.ts';
import { LAB_ROUTES } from './pages/lessons/contract.ts';
import { PLAYGROUND_ROUTES } from './pages/playground/contract.ts';
import { PROBE_ROUTES } from './pages/probe/contract.ts';
import { PROXY_ROUTES } from './pages/proxy/contract.ts';
import type { OpenApiDocument } from './http/openapi.ts';

/** Routes about the API itself. */
export const API_ROUTES = defineRoutes({
  'GET /api/openapi.json': { summary: 'this API, as OpenAPI 3.1', answer: json<OpenApiDocument>('the document') },
});

/** The API between the page and the service. Refused requests get a `RefusalAnswer`. */
export const ROUTES = {
  ...LAB_ROUTES,
  ...EXERCISE_ROUTES,
  ...PLAYGROUND_ROUTES,
  ...PROBE_ROUTES,
  ...PROXY_ROUTES,
  ...CHAT_ROUTES,
  ...JOB_ROUTES,
  ...API_ROUTES,
};

/** The routes, by method and path. */
export type Routes = typeof ROUTES;
