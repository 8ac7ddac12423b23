import { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { parseEndpoint } from '../base/endpoint.ts';
import { listenTcp } from '../listen/listen.ts';
import { option } from '../options/option.ts';
import { foreignHost, isLoopbackAddress } from './admin-access.ts';
import { addControlRoutes } from './admin-control.ts';
import { warnIfExposed } from './exposure.ts';
import { httpTimeouts, limitHttp } from './http-limits.ts';
import { createSharedAnswers } from './shared-answers.ts';
import type { Endpoint } from '../base/endpoint.ts';
import type { Logger } from '../log/logger.ts';
import type { ControlRoute } from './control-route.ts';
import type { Metrics } from './metrics.ts';
import type { HttpBindings } from '@hono/node-server';
import type { Option } from 'commander';
import type { Context } from 'hono';

/** Where the admin endpoint listens, or `'off'`. */
export type AdminListen = 'off' | Endpoint;

/** Options of the admin endpoint. */
export interface AdminOptions {
  readonly listen: AdminListen;
  /** The app's name, for `/version`. */
  readonly app: string;
  readonly version: string;
  readonly metrics: Metrics;
  /**
   * What the service shows besides, by path: `{ '/connections': () => [...] }`, answered as JSON, and only to this
   * machine. The provider bounds its answers. With workers, their answers are combined: arrays are concatenated,
   * anything else becomes one element each.
   */
  readonly routes?: AdminRoutes;
  /** Routes that change the running service, only from this machine. Not available with workers. */
  readonly control?: readonly ControlRoute[];
}

/** Answers to GET, as JSON, by path. */
export type AdminRoutes = Readonly<Record<`/${string}`, () => unknown>>;

/** What the admin endpoint reads for each request. */
export interface AdminSource {
  readiness(): Readiness;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** The answer of one of {@link AdminOptions.routes}. */
  route(path: string): unknown;
}

/** Whether the service takes work: only `'ready'` means yes. */
export type Readiness = 'starting' | 'ready' | 'draining';

/** A running admin endpoint. */
export interface AdminServer {
  /** `tcp://127.0.0.1:9090` */
  readonly endpoint: string;
  close(): Promise<void>;
}

// Scrapers and health checks are few and quick; any other client must not use up file descriptors or connection slots.
const MAX_CONNECTIONS = 64;
const REQUEST_TIMEOUT_MS = 10_000;
/** Few: a health check would wait for seconds behind 4,096 connections of a peer that opens them faster than they are accepted. */
const BACKLOG = 64;

/** `--admin HOST:PORT|off`, off unless given. */
export function adminOption(appName: string): Option {
  return option<AdminListen>(appName, '--admin <address>', 'serve /livez /readyz /metrics /version on HOST:PORT, or off', {
    default: 'off',
    parse: parseAdmin,
  });
}

/**
 * Reads what `--admin` takes: `off`, or an address as `--listen` takes it.
 * @throws ServiceError `SERVICE_ERR_USAGE` or `SERVICE_ERR_UNSUPPORTED`.
 */
export function parseAdmin(text: string): AdminListen {
  return text === 'off' ? 'off' : parseEndpoint(text, 'tcp');
}

/**
 * Serves what an orchestrator asks for: `/livez` (the process runs), `/readyz` (it takes work), `/metrics`
 * (Prometheus text), `/version`. Read-only, and never shows the content of traffic. Routes added by the service
 * are answered to connections from this machine; others get 403.
 *
 * A request from this machine must name it in the Host header: `localhost`, a loopback address, or the bound host.
 * Anything else gets 403, so that no web page can read it in a browser here under a domain of its own.
 *
 * @returns undefined when it is off.
 * @throws ServiceError as `listenTcp`; TypeError for a route that is taken.
 */
export async function openAdmin(options: AdminOptions | undefined, log: Logger, source: AdminSource): Promise<AdminServer | undefined> {
  if (options === undefined || options.listen === 'off') return undefined;
  const access = { isSocketFile: false, boundHosts: boundHosts(options.listen) };
  const server = createAdaptorServer({
    fetch: adminApp(options, source, access).fetch,
    overrideGlobalObjects: false,
    serverOptions: httpTimeouts(REQUEST_TIMEOUT_MS),
  });
  if (!(server instanceof Server)) throw new TypeError('the admin endpoint is plain HTTP/1.1');
  limitHttp(server, { maxConnections: MAX_CONNECTIONS, answerTimeoutMs: REQUEST_TIMEOUT_MS });
  const endpoint = await listenTcp(server, options.listen, { log, flag: '--admin', backlog: BACKLOG });
  // Known only after binding: an inherited descriptor can be either. Only this machine reaches a socket file.
  access.isSocketFile = typeof server.address() !== 'object' || server.address() === null;
  log.info({ endpoint }, 'admin listening');
  warnIfExposed(log, [endpoint]);
  return { endpoint, close: () => closeServer(server) };
}

const FIXED_PATHS = ['/livez', '/readyz', '/metrics', '/version'];

/** What decides whether a request is let in. */
interface Access {
  readonly isSocketFile: boolean;
  readonly boundHosts: readonly string[];
}

type AdminContext = Context<{ Bindings: HttpBindings }>;

function adminApp(
  { app, version, metrics, routes = {}, control = [] }: AdminOptions,
  source: AdminSource,
  access: Access,
): Hono<{ Bindings: HttpBindings }> {
  const isLocal = ({ env }: AdminContext): boolean => access.isSocketFile || isLoopbackAddress(env.incoming.socket.remoteAddress ?? '');
  const answers = createSharedAnswers();
  const admin = new Hono<{ Bindings: HttpBindings }>()
    .use((context, next) => {
      const refusal =
        access.isSocketFile || !isLocal(context) ? undefined : foreignHost(context.req.header('host') ?? '', access.boundHosts);
      return refusal === undefined ? next() : Promise.resolve(context.text(refusal, 403));
    })
    .get('/livez', (context) => context.text('ok'))
    // Tells a client which service answers: several could own the port over time.
    .get('/readyz', (context) => context.text(source.readiness(), source.readiness() === 'ready' ? 200 : 503, { server: app }))
    .get('/metrics', async (context) =>
      context.body(await answers.ask('/metrics', () => source.metrics()), 200, { 'content-type': metrics.registry.contentType }),
    )
    .get('/version', (context) => context.json({ name: app, version, node: process.version }));
  for (const path of Object.keys(routes)) {
    if (FIXED_PATHS.includes(path)) throw new TypeError(`the admin route ${path} is already in use`);
    admin.get(path, async (context) => {
      if (!isLocal(context)) return context.text(`forbidden: ${path} is only served to this machine`, 403);
      const json = await answers.ask(path, async () => JSON.stringify(await source.route(path)));
      return context.body(json, 200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    });
  }
  addControlRoutes(admin, control, isLocal);
  const paths = new Set([...FIXED_PATHS, ...Object.keys(routes), ...control.map(({ path }) => path)]);
  return admin
    .notFound((context) => context.text(`not found: ${[...paths].join(' ')}`, 404))
    .onError((error, context) => context.text(`failed: ${error.message}`, 500));
}

function boundHosts(listen: Endpoint): string[] {
  return listen.kind === 'ip' ? [listen.host.toLowerCase()] : [];
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
