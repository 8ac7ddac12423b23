import { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { renderSummary, renderTable, runAll } from '@socklab/lab';
import { httpTimeouts, limitHttp, listenTcp, ServiceError } from '@socklab/service';
import { createApi } from './api.ts';
import { createHttpDrain } from './http/http-drain.ts';
import { Jobs } from './http/jobs/jobs.ts';
import { isLoopbackAddress, isLoopbackName } from './http/loopback.ts';
import { createProbePage } from './pages/probe/probe-page.ts';
import type { StickyLabMetrics } from './metrics.ts';
import type { Experiment, LabReport, Language, Machine, RunReport } from '@socklab/lab';
import type { Endpoint, Logger, RunningService } from '@socklab/service';
import type { Writable } from 'node:stream';

/** Options of {@link startStickyLab}. */
export interface ServeOptions {
  readonly experiments: readonly Experiment[];
  /** Where the page is served. */
  readonly http: Endpoint;
  /** The token that every request must carry; required when other machines can connect. */
  readonly token?: string | undefined;
  /** The token of a class, which may only run lessons; requires a token. */
  readonly classToken?: string | undefined;
  /** Print the table of the run before serving. */
  readonly table: boolean;
  /** Print the answers of the run, a line each, before serving. */
  readonly summary: boolean;
  /** The language of the output. */
  readonly language: Language;
  readonly stdout: Writable;
  readonly machine: Machine;
  readonly log: Logger;
  readonly metrics: StickyLabMetrics;
  /** Cancels the start. */
  readonly signal: AbortSignal;
}

// A page and its readers need few; a client that opens many must not use up the descriptors.
const MAX_CONNECTIONS = 256;
// For a terminal of unknown width.
const DEFAULT_WIDTH = 80;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Runs every experiment once, then serves the page.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` when other machines could use it and no token is set, or a class would have a teacher's rights.
 */
export async function startStickyLab(options: ServeOptions): Promise<RunningService> {
  const { log, metrics, http, token } = options;
  if (token === undefined && http.kind === 'ip' && !isLoopbackName(http.host)) throw exposed(http.host);
  checkClassToken(options);
  const report = await runAll(options.experiments, { ...options, onRun: (run) => tellRun(run, options) });
  log.info({ experiments: report.experiments.length, isAsExpected: report.isAsExpected }, 'experiments run');
  printReport(report, options);
  const jobs = new Jobs();
  const probePage = createProbePage(jobs);
  const isLocal = (): boolean => isBoundToLoopback(server);
  const app = createApi({ ...options, report, jobs, probePage, isLocal, onRun: (run) => tellRun(run, options) });
  const server = createHttpServer((request) => app.fetch(request));
  limitHttp(server, { maxConnections: MAX_CONNECTIONS, onRefused: () => metrics.connectionsRefused.inc({ reason: 'max-connections' }) });
  const drainHttp = createHttpDrain(server);
  const endpoint = await listenTcp(server, http, { log, flag: '--http' });
  // An inherited socket may be bound to any address.
  if (token === undefined && endpoint.startsWith('tcp:') && !isLocal()) {
    server.close();
    throw exposed(endpoint);
  }
  const drain = async (signal: AbortSignal): Promise<void> => {
    // Followers of a job are told that it ended; their connections end with that.
    const stopped = jobs.close();
    await drainHttp(signal);
    await stopped;
    await probePage.close();
  };
  return { endpoints: [endpoint.replace(/^tcp:/, 'http:')], drain };
}

function printReport(report: LabReport, { table, summary, language, stdout }: ServeOptions): void {
  const width = widthOf(stdout);
  if (table) stdout.write(`${renderTable(report, language)}\n`);
  else if (summary) stdout.write(`${renderSummary(report, width, language)}\n`);
}

/** @returns the number of columns; a terminal without a size, as that of `script`, reports 0 */
export function widthOf(stream: object): number {
  return 'columns' in stream && typeof stream.columns === 'number' && stream.columns > 0 ? stream.columns : DEFAULT_WIDTH;
}

/** Anyone who can send requests can run experiments: only this machine, unless a token is required. */
function exposed(where: string): ServiceError {
  return new ServiceError(
    'SERVICE_ERR_USAGE',
    `--http ${where} lets others than this machine use the lab: give a --token that they need, or listen on 127.0.0.1`,
  );
}

/** Without a token, or with the same one, a class would have all rights. */
function checkClassToken({ token, classToken }: ServeOptions): void {
  if (classToken === undefined || (token !== undefined && token !== classToken)) return;
  throw new ServiceError('SERVICE_ERR_USAGE', '--class-token needs a --token beside it, and another one: for who may do more than a class');
}

function tellRun({ id, outcome, answer, error, durationMs }: RunReport, { log, metrics }: Pick<ServeOptions, 'log' | 'metrics'>): void {
  metrics.runs.inc({ experiment: id, outcome });
  const entry = { experiment: id, outcome, answer, durationMs, ...(error === null ? {} : { reason: error }) };
  if (outcome === 'expected') log.debug(entry, 'experiment run');
  else log.warn(entry, 'experiment not as expected');
}

function createHttpServer(fetch: (request: Request) => Response | Promise<Response>): Server {
  const server = createAdaptorServer({
    fetch,
    overrideGlobalObjects: false,
    serverOptions: httpTimeouts(REQUEST_TIMEOUT_MS),
  });
  if (!(server instanceof Server)) throw new TypeError('the page is served over plain HTTP/1.1');
  return server;
}

function isBoundToLoopback(server: Server): boolean {
  const address = server.address();
  return address !== null && typeof address === 'object' && isLoopbackAddress(address.address);
}
