import { Hono, type Context } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Logger } from '@socklab/service';
import type { LabReport } from './lab/run-all.ts';
import { isLoopbackHost } from './loopback.ts';
import type { StickyLabMetrics } from './metrics.ts';
import { renderPage } from './web/page.ts';
import { STYLE } from './web/style.ts';

/** What {@link createApi} serves, and from where. */
export interface ApiOptions {
  readonly report: LabReport;
  /** Whether only this machine can connect: then only names of this machine are served. Asked for each request. */
  readonly isLocal: () => boolean;
  readonly log: Logger;
  readonly metrics: StickyLabMetrics;
}

// Nothing on the page runs, and nothing comes from elsewhere. The empty data: icon keeps browsers from asking for one.
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ['data:'],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** The HTTP side: the page, and the results as JSON. Only reads. */
export function createApi({ report, isLocal, log, metrics }: ApiOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    metrics.requests.inc({ route: routeLabel(context.req.path), status: context.res.status });
  });
  app.use(secureHeaders({ contentSecurityPolicy: CONTENT_SECURITY_POLICY, strictTransportSecurity: false }));
  app.use(async (context, next) => {
    const refusal = refuse(context, isLocal());
    if (refusal !== undefined) return refusal;
    context.header('Cache-Control', 'no-store');
    return next();
  });
  app.get('/', (context) => context.html(renderPage(report)));
  app.get('/style.css', (context) => context.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  app.get('/api/experiments', (context) => context.json(report));
  app.get('/api/experiments/:id', (context) => {
    const id = context.req.param('id');
    const run = report.experiments.find((experiment) => experiment.id === id);
    return run === undefined ? failure(context, 404, `no experiment is called ${JSON.stringify(id)}`) : context.json(run);
  });
  app.notFound((context) => failure(context, 404, 'there is /, /api/experiments and /api/experiments/:id'));
  app.onError((error, context) => {
    log.error({ err: error, path: context.req.path }, 'request failed');
    return failure(context, 500, 'the request failed; the log has the reason');
  });
  return app;
}

function refuse(context: Context, isLocal: boolean): Response | undefined {
  const host = context.req.header('host') ?? '';
  if (isLocal && !isLoopbackHost(host)) {
    return failure(context, 403, `the host ${JSON.stringify(host)} is not served, only names of this machine: localhost, 127.0.0.1, [::1]`);
  }
  const { method } = context.req;
  if (method === 'GET' || method === 'HEAD') return undefined;
  context.header('Allow', 'GET, HEAD');
  return failure(context, 405, `${method} is not allowed, only GET and HEAD`);
}

function failure(context: Context, status: 403 | 404 | 405 | 500, message: string): Response {
  return context.json({ error: message }, status);
}

/** A closed set: paths are chosen by whoever asks. */
function routeLabel(path: string): string {
  if (path === '/' || path === '/style.css' || path === '/api/experiments') return path;
  return path.startsWith('/api/experiments/') ? '/api/experiments/:id' : 'other';
}
