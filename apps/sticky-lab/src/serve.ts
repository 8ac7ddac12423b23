import { Server } from 'node:http';
import type { Writable } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { listenTcp, type Endpoint, type Logger, type RunningService } from '@socklab/service';
import { createApi } from './api.ts';
import { createHttpDrain } from './http-drain.ts';
import type { Experiment } from './lab/experiment.ts';
import { runAll, type LabReport } from './lab/run-all.ts';
import type { Machine, RunReport } from './lab/runner.ts';
import { renderTable } from './lab/table.ts';
import { isLoopbackAddress } from './loopback.ts';
import type { StickyLabMetrics } from './metrics.ts';

/** What {@link startStickyLab} is told. */
export interface ServeOptions {
  readonly experiments: readonly Experiment[];
  /** Where the page is served. */
  readonly http: Endpoint;
  /** Print the table of the run before serving. */
  readonly table: boolean;
  readonly stdout: Writable;
  readonly machine: Machine;
  readonly log: Logger;
  readonly metrics: StickyLabMetrics;
  /** Gives the start up. */
  readonly signal: AbortSignal;
}

// A page and its readers need few; a client that opens many must not use up the descriptors.
const MAX_CONNECTIONS = 256;
const REQUEST_TIMEOUT_MS = 10_000;

/** Runs every experiment once, then serves what they gave. */
export async function startStickyLab(options: ServeOptions): Promise<RunningService> {
  const report = await runLogged(options);
  if (options.table) options.stdout.write(`${renderTable(report)}\n`);
  const { log, metrics, http } = options;
  const isLocal = (): boolean => isBoundToLoopback(server);
  const app = createApi({ report, isLocal, log, metrics });
  const server = createHttpServer((request) => app.fetch(request));
  server.on('drop', () => metrics.connectionsRefused.inc({ reason: 'max-connections' }));
  const drain = createHttpDrain(server);
  const endpoint = await listenTcp(server, http, { log, flag: '--http' });
  return { endpoints: [endpoint.replace(/^tcp:/, 'http:')], drain };
}

async function runLogged({ experiments, machine, signal, log, metrics }: ServeOptions): Promise<LabReport> {
  const onRun = ({ id, outcome, answer, error, durationMs }: RunReport): void => {
    metrics.runs.inc({ experiment: id, outcome });
    const entry = { experiment: id, outcome, answer, durationMs, ...(error === null ? {} : { reason: error }) };
    if (outcome === 'expected') log.debug(entry, 'experiment run');
    else log.warn(entry, 'experiment not as expected');
  };
  const report = await runAll(experiments, { machine, signal, onRun });
  log.info({ experiments: report.experiments.length, isAsExpected: report.isAsExpected }, 'experiments run');
  return report;
}

function createHttpServer(fetch: (request: Request) => Response | Promise<Response>): Server {
  const server = createAdaptorServer({
    fetch,
    overrideGlobalObjects: false,
    serverOptions: { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
  });
  if (!(server instanceof Server)) throw new TypeError('the page is served over plain HTTP/1.1');
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

function isBoundToLoopback(server: Server): boolean {
  const address = server.address();
  return address !== null && typeof address === 'object' && isLoopbackAddress(address.address);
}
