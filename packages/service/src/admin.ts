import { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Option } from 'commander';
import { Hono } from 'hono';
import type { Endpoint } from './endpoint.ts';
import { parseEndpoint } from './endpoint.ts';
import { warnIfExposed } from './exposure.ts';
import { listenTcp } from './listen.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { option } from './option.ts';

/** Where the admin endpoint listens, or `'off'`. */
export type AdminListen = 'off' | Endpoint;

/** Options of the admin endpoint. */
export interface AdminOptions {
  readonly listen: AdminListen;
  /** The app's name, for `/version`. */
  readonly app: string;
  readonly version: string;
  readonly metrics: Metrics;
}

/** Whether a service takes work: only `'ready'` does. */
export type Readiness = 'starting' | 'ready' | 'draining';

/** A running admin endpoint. */
export interface AdminServer {
  /** `tcp://127.0.0.1:9090` */
  readonly endpoint: string;
  close(): Promise<void>;
}

// Scrapers and probes are few and quick; a client that is neither must not use up the file descriptors.
const MAX_CONNECTIONS = 64;
const REQUEST_TIMEOUT_MS = 10_000;

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
 * Serves what an orchestrator asks a process: `/livez` (it runs), `/readyz` (it takes work), `/metrics`
 * (Prometheus text), `/version`. Only reads, and tells nothing of the traffic's content.
 *
 * @returns undefined when it is off.
 * @throws ServiceError as `listenTcp`.
 */
export async function openAdmin(
  options: AdminOptions | undefined,
  log: Logger,
  readiness: () => Readiness,
): Promise<AdminServer | undefined> {
  if (options === undefined || options.listen === 'off') return undefined;
  const server = createAdaptorServer({
    fetch: adminApp(options, readiness).fetch,
    overrideGlobalObjects: false,
    serverOptions: { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
  });
  if (!(server instanceof Server)) throw new TypeError('the admin endpoint is plain HTTP/1.1');
  server.maxConnections = MAX_CONNECTIONS;
  const endpoint = await listenTcp(server, options.listen, { log, flag: '--admin' });
  log.info({ endpoint }, 'admin listening');
  warnIfExposed(log, [endpoint]);
  return { endpoint, close: () => closeServer(server) };
}

function adminApp({ app, version, metrics }: AdminOptions, readiness: () => Readiness): Hono {
  const { registry } = metrics;
  return new Hono()
    .get('/livez', (context) => context.text('ok'))
    .get('/readyz', (context) => context.text(readiness(), readiness() === 'ready' ? 200 : 503))
    .get('/metrics', async (context) => context.body(await registry.metrics(), 200, { 'content-type': registry.contentType }))
    .get('/version', (context) => context.json({ name: app, version, node: process.version }))
    .notFound((context) => context.text('not found: /livez /readyz /metrics /version', 404))
    .onError((error, context) => context.text(`failed: ${error.message}`, 500));
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
