import { Hono } from 'hono';
import { Jobs } from '../../../src/http/jobs/jobs.ts';
import { Refusal } from '../../../src/http/refusal.ts';
import { serveChats } from '../../../src/pages/chat/routes.ts';
import type { Job, JobSummary } from '../../../src/http/jobs/job.ts';
import type { ChatEvent } from '../../../src/pages/chat/channels/events.ts';
import type { ChatsOptions } from '../../../src/pages/chat/chats.ts';
import type { ChatRequest } from '../../../src/pages/chat/contract.ts';

/** An event of one type. */
export type EventOf<Type extends ChatEvent['type']> = Extract<ChatEvent, { type: Type }>;

/** What a request was answered. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A chat that runs. */
export interface RunningChat {
  readonly job: Job;
  /** All events so far. */
  events(): readonly ChatEvent[];
  /** The nth event of a type, from 1; waits for it. Rejects when the chat is over without. */
  next<Type extends ChatEvent['type']>(type: Type, nth?: number): Promise<EventOf<Type>>;
  say(text: string): Promise<Answer>;
  /** Asks it to leave, and waits until it is over. */
  leave(): Promise<JobSummary>;
}

/** The routes of chats, without a page around them. */
export interface ChatSetup extends AsyncDisposable {
  post(path: string, body: unknown): Promise<Answer>;
  /** Starts a chat; throws when that is refused. */
  open(request: ChatRequest): Promise<RunningChat>;
}

/** Serves chats in this process. `await using` ends them. */
export function chatSetup(options: Omit<ChatsOptions, 'jobs'> = {}): ChatSetup {
  const jobs = new Jobs();
  const app = new Hono();
  serveChats(app, { jobs, ...options });
  app.onError((error, context) => {
    if (error instanceof Refusal) return context.json(error.answer, error.status);
    throw error;
  });
  const post = async (path: string, body: unknown): Promise<Answer> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await app.request(path, init);
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  return {
    post,
    async open(request) {
      const { status, body } = await post('/api/chats', request);
      if (status !== 202) throw new Error(`refused with ${status}: ${JSON.stringify(body)}`);
      const job = jobs.get((body['job'] as JobSummary).id)!;
      return { ...followed(job), say: (text) => post(`/api/chats/${job.id}/messages`, { text }) };
    },
    [Symbol.asyncDispose]: () => jobs.close(),
  };
}

function followed(job: Job): Omit<RunningChat, 'say'> {
  const events = (): readonly ChatEvent[] =>
    job.log
      .after(0)
      .events.map(({ json }) => JSON.parse(json) as ChatEvent)
      .filter(({ at }) => at !== undefined);
  return {
    job,
    events,
    async next(type, nth = 1) {
      for (;;) {
        const changed = job.log.changed();
        const found = events().filter((event) => event.type === type)[nth - 1];
        if (found !== undefined) return found as EventOf<typeof type>;
        if (job.isOver) throw new Error(`the chat is over without ${type} ${nth}: ${JSON.stringify(events())}`);
        await changed;
      }
    },
    async leave() {
      job.stop();
      await job.ended;
      return job.summary;
    },
  };
}
