import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failedRun, labReport, runReport, unexpectedRun } from '@socklab/lab/testing';
import { createLogger } from '@socklab/service';
import { captureLog } from '@socklab/testkit';
import { afterAll } from 'vitest';
import { createApi } from '../../src/api.ts';
import { Jobs } from '../../src/http/jobs/jobs.ts';
import { createStickyLabMetrics } from '../../src/metrics.ts';
import type { ApiOptions } from '../../src/api.ts';
import type { StickyLabMetrics } from '../../src/metrics.ts';
import type { Hono } from 'hono';

/** The API with what it stands on. */
export interface TestApi {
  readonly app: Hono;
  readonly jobs: Jobs;
  readonly metrics: StickyLabMetrics;
  /** A request from this machine, or with what `init` says. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** A change, as the page sends it. */
  readonly post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Response>;
}

const HOST = 'localhost:8080';

const pageFolder = mkdtempSync(join(tmpdir(), 'sticky-lab-page-'));
mkdirSync(join(pageFolder, 'assets'));
writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><html lang="en"><title>the page</title>');
writeFileSync(join(pageFolder, 'assets', 'index-1.js'), 'export {};');
afterAll(() => rmSync(pageFolder, { recursive: true }));

/** Makes an API over a page of two files. */
export function testApi(options: Partial<ApiOptions> = {}): TestApi {
  const metrics = createStickyLabMetrics();
  const jobs = new Jobs();
  const app = createApi({
    experiments: [],
    report: labReport(runReport(), unexpectedRun, failedRun),
    machine: { node: 'v26.0.0', platform: 'linux x64' },
    jobs,
    onRun: () => undefined,
    isLocal: () => true,
    pageFolder,
    log: createLogger({ app: 'sticky-lab', destination: captureLog().destination }),
    metrics,
    ...options,
  });
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
    app.request(`http://${HOST}${path}`, { headers: { host: HOST }, ...init });
  const post: TestApi['post'] = (path, body, headers = {}) =>
    ask(path, { method: 'POST', body: JSON.stringify(body), headers: { host: HOST, 'content-type': 'application/json', ...headers } });
  return { app, jobs, metrics, ask, post };
}
