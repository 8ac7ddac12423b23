import { createServer } from 'node:net';
import { listening } from '@socklab/testkit';
import { Jobs } from '../../../src/http/jobs/jobs.ts';
import { createProbePage } from '../../../src/pages/probe/probe-page.ts';
import { testApi } from '../../http/api-setup.ts';
import type { JobStarted } from '../../../src/http/jobs/contract.ts';
import type { JobEnd } from '../../../src/http/jobs/job.ts';
import type { CampaignRequest, ProbeEvent, ProbeReport } from '../../../src/pages/probe/contract.ts';
import type { TestApi } from '../../http/api-setup.ts';
import type { Socket } from 'node:net';

/** The API of the probe page. `await using` ends its jobs, its practice servers and its journals. */
export interface ProbeApi extends TestApi, AsyncDisposable {
  readonly jobs: Jobs;
  /** Starts a campaign, or fails with what it was answered. @returns the id of its job */
  readonly start: (request: CampaignRequest) => Promise<string>;
  readonly resume: (id: string) => Promise<string>;
  /** Waits for the end of a job. */
  readonly ended: (id: string) => Promise<JobEnd['job']>;
  readonly report: (id: string) => ProbeReport;
  /** All that was told of a job. */
  readonly events: (id: string) => readonly ProbeEvent[];
}

export function probeApi(): ProbeApi {
  const jobs = new Jobs();
  const probePage = createProbePage(jobs);
  const api = testApi({ jobs, probePage });
  const jobOf = (id: string) => {
    const job = jobs.get(id);
    if (job === undefined) throw new Error(`there is no job ${id}`);
    return job;
  };
  return {
    ...api,
    jobs,
    start: async (request) => idOf(await api.post('/api/probe/campaigns', request)),
    resume: async (id) => idOf(await api.post(`/api/probe/campaigns/${id}/resume`, {})),
    ended: async (id) => {
      await jobOf(id).ended;
      return jobOf(id).summary;
    },
    report: (id) => jobOf(id).result as ProbeReport,
    events: (id) =>
      jobOf(id)
        .log.after(0)
        .events.map(({ json }) => JSON.parse(json) as ProbeEvent | JobEnd)
        .filter((event): event is ProbeEvent => event.type !== 'end'),
    [Symbol.asyncDispose]: async () => {
      await jobs.close();
      await probePage.close();
    },
  };
}

/** The id of the job that was started. */
async function idOf(response: Response): Promise<string> {
  if (response.status !== 202) throw new Error(`answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as JobStarted).job.id;
}

/** A server of a test. */
export interface TestTarget extends AsyncDisposable {
  readonly target: string;
}

/** Serves each connection with `serve`, which is told how many came before it. */
export async function startTarget(serve: (socket: Socket, connection: number) => void): Promise<TestTarget> {
  const sockets = new Set<Socket>();
  let connection = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket.on('error', () => undefined).once('close', () => sockets.delete(socket)));
    serve(socket, connection++);
  });
  const port = await listening(server);
  return {
    target: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Echoes lines, whole ones only. */
export function echoLines(socket: Socket, answer: (line: string) => string = (line) => line): void {
  let pending = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    pending += text;
    for (let end = pending.indexOf('\n'); end !== -1; end = pending.indexOf('\n')) {
      socket.write(`${answer(pending.slice(0, end))}\n`);
      pending = pending.slice(end + 1);
    }
  });
}
