import { ServiceError } from '@socklab/service';
import { KeptJobs } from '../../http/jobs/kept-jobs.ts';
import { Refusal } from '../../http/refusal.ts';
import { serveRoutes } from '../../http/route.ts';
import { PROXY_ROUTES } from './contract.ts';
import { openPageProxy } from './page-proxy.ts';
import { checkPlan, readProxy, readSettings } from './request.ts';
import type { Jobs } from '../../http/jobs/jobs.ts';
import type { KeptJob } from '../../http/jobs/kept-jobs.ts';
import type { ProxyOfJob } from './contract.ts';
import type { PageProxy, PageProxyOptions } from './page-proxy.ts';
import type { ProxyEvent } from './proxy-events.ts';
import type { ConnectionRecording } from './recorded.ts';
import type { Logger } from '@socklab/service';
import type { Context, Hono } from 'hono';

/** What {@link serveProxies} works with. */
export interface ProxyRoutesOptions {
  readonly jobs: Jobs;
  readonly log: Logger;
}

/** Most proxies, and most that have ended and are still shown. */
const MAX_RUNNING = 4;
const MAX_ENDED = 4;

type StartedProxy = KeptJob<PageProxy>;

/** Starts and changes proxies, and reports their traffic. */
export function serveProxies(app: Hono, { jobs, log }: ProxyRoutesOptions): void {
  const started = new StartedProxies(jobs, log);
  serveRoutes(app, PROXY_ROUTES, {
    'GET /api/proxies': () => started.all.map(told),
    'POST /api/proxies': async (_, sent) => told(await started.start(() => readProxy(sent))),
    'GET /api/proxies/:job': (context) => told(started.get(context)),
    'PATCH /api/proxies/:job': (context, { isHeld, ...sent }) => {
      const found = started.running(context);
      const { kept: proxy } = found;
      const { settings, written } = readSettings(proxy.settings, sent);
      checkPlan(settings, proxy.state.framing ?? undefined, 'plan');
      const keptConnections = Object.keys(written).length === 0 ? 0 : proxy.configure(settings, written);
      if (isHeld !== undefined) proxy.hold(isHeld);
      return { ...told(found), keptConnections };
    },
    'GET /api/proxies/:job/connections': (context) => started.get(context).kept.connections,
    'GET /api/proxies/:job/connections/:connection': (context) => recordingOf(context, started.get(context)),
    'POST /api/proxies/:job/recordings': (context) => {
      const found = started.running(context);
      found.kept.restartRecordings();
      return told(found);
    },
  });
}

function told({ job, kept: proxy }: StartedProxy): ProxyOfJob {
  return { job: job.summary, ...proxy.state };
}

function recordingOf({ req }: Context, { kept: proxy }: StartedProxy): ConnectionRecording {
  const id = req.param('connection') ?? '';
  const recording = /^\d{1,15}$/.test(id) ? proxy.recording(Number(id)) : undefined;
  if (recording !== undefined) return recording;
  const seen = JSON.stringify(id.slice(0, 60));
  throw new Refusal(404, { en: `there is no connection ${seen}, or it is no longer kept`, zh: `没有连接 ${seen}，或已不再保留` });
}

/** The proxies of the page, by the ids of their jobs. */
class StartedProxies {
  readonly #log: Logger;
  readonly #proxies: KeptJobs<PageProxy>;

  constructor(jobs: Jobs, log: Logger) {
    this.#log = log;
    this.#proxies = new KeptJobs({
      jobs,
      kind: 'proxy',
      maxRunning: MAX_RUNNING,
      maxEnded: MAX_ENDED,
      tooMany: {
        en: `${MAX_RUNNING} proxies run already, which is the limit: stop one`,
        zh: `已有 ${MAX_RUNNING} 个代理在运行，这是上限：请停止一个`,
      },
      missing: (seen) => ({ en: `there is no proxy ${seen}, or it is no longer kept`, zh: `没有代理 ${seen}，或已不再保留` }),
    });
  }

  get all(): readonly StartedProxy[] {
    return this.#proxies.all;
  }

  get({ req }: Context): StartedProxy {
    return this.#proxies.get(req.param('job') ?? '');
  }

  running(context: Context): StartedProxy {
    const found = this.get(context);
    if (!found.job.isOver) return found;
    throw new Refusal(409, { en: 'the proxy has ended', zh: '该代理已结束' });
  }

  start(read: () => Promise<Omit<PageProxyOptions, 'log'>>): Promise<StartedProxy> {
    return this.#proxies.start<ProxyEvent, never>(async () => {
      const kept = await open({ ...(await read()), log: this.#log });
      return { kept, run: (context) => kept.run(context), close: () => kept.close() };
    });
  }
}

async function open(options: PageProxyOptions): Promise<PageProxy> {
  try {
    return await openPageProxy(options);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new Refusal(422, { en: error.message, zh: `无法监听该地址：${error.message}` }, 'listen');
  }
}
