import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import { API_ROUTES, ROUTES } from './contract.ts';
import { MAX_BODY_BYTES } from './http/body.ts';
import { guard } from './http/guard.ts';
import { serveJobs } from './http/jobs/routes.ts';
import { describeApi } from './http/openapi.ts';
import { pageFiles } from './http/page-files.ts';
import { Refusal } from './http/refusal.ts';
import { serveRoutes } from './http/route.ts';
import { serveChats } from './pages/chat/routes.ts';
import { serveExercises } from './pages/exercises/routes.ts';
import { serveLab } from './pages/lessons/routes.ts';
import { servePlayground } from './pages/playground/routes.ts';
import { serveProbe } from './pages/probe/routes.ts';
import { serveProxies } from './pages/proxy/routes.ts';
import { VERSION } from './version.ts';
import type { GuardOptions } from './http/guard.ts';
import type { RefusalAnswer } from './http/refusal.ts';
import type { StickyLabMetrics } from './metrics.ts';
import type { LabRoutesOptions } from './pages/lessons/routes.ts';
import type { ProbePage } from './pages/probe/probe-page.ts';
import type { Logger } from '@socklab/service';

/** Options of {@link createApi}. */
export interface ApiOptions extends GuardOptions, LabRoutesOptions {
  /** Where the built page is. */
  readonly pageFolder?: string;
  readonly log: Logger;
  readonly metrics: StickyLabMetrics;
  /** The campaigns of the probe; without it nothing is served under `/api/probe`. */
  readonly probePage?: ProbePage;
}

// All scripts come from here. The page sets no inline styles: SVG uses attributes, and computed values go through the CSSOM.
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** The HTTP side: the page, and its API. */
export function createApi(options: ApiOptions): Hono {
  const { log, metrics, jobs } = options;
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    metrics.requests.inc({ route: routeLabel(context.req.path), status: context.res.status });
  });
  app.use(secureHeaders({ contentSecurityPolicy: CONTENT_SECURITY_POLICY, strictTransportSecurity: false }));
  app.use(guard(options));
  // Pictures of all experiments are megabytes. Event streams are not compressed.
  app.use(compress());
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => tooLong() }));
  serveJobs(app, jobs);
  serveLab(app, options);
  serveExercises(app);
  serveChats(app, { jobs });
  serveProxies(app, options);
  if (options.probePage !== undefined) serveProbe(app, options.probePage);
  servePlayground(app, options);
  serveRoutes(app, API_ROUTES, { 'GET /api/openapi.json': () => describeApi(ROUTES, VERSION) });
  app.get('*', pageFiles(options.pageFolder));
  app.notFound((context) => context.json<RefusalAnswer>({ error: 'there is no such page', zh: '没有这个页面' }, 404));
  app.onError((error, context) => {
    if (error instanceof Refusal) return context.json(error.answer, error.status);
    log.error({ err: error, path: context.req.path }, 'request failed');
    return context.json<RefusalAnswer>({ error: 'the request failed; the log has the reason', zh: '请求失败，原因见日志' }, 500);
  });
  return app;
}

function tooLong(): never {
  throw new Refusal(413, { en: `a request has at most ${MAX_BODY_BYTES} bytes`, zh: `请求最多 ${MAX_BODY_BYTES} 字节` });
}

/** The parts of the API, by which requests are counted: a closed set, as the client chooses the paths. */
const PARTS: ReadonlySet<string | undefined> = new Set(Object.keys(ROUTES).map((name) => name.split('/')[2]));

function routeLabel(path: string): string {
  const [, api, part] = path.split('/');
  if (api === 'api' && PARTS.has(part)) return `/api/${part}`;
  return path === '/' ? '/' : 'other';
}
