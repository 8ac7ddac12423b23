import { describe, expect, test } from 'vitest';
import { EventLog } from '../../src/http/jobs/event-log.ts';
import { Jobs } from '../../src/http/jobs/jobs.ts';
import { Refusal } from '../../src/http/refusal.ts';
import type { JobContext } from '../../src/http/jobs/job.ts';

const ids = (log: EventLog, after = 0): readonly number[] => log.after(after).events.map(({ id }) => id);

describe('a log of events', () => {
  test('numbers events from 1, and gives those after any of them', () => {
    const log = new EventLog();
    for (const letter of ['a', 'b', 'c']) log.append({ letter });
    expect(log.after(1)).toEqual({
      missed: 0,
      events: [
        { id: 2, json: '{"letter":"b"}' },
        { id: 3, json: '{"letter":"c"}' },
      ],
    });
    expect(ids(log)).toEqual([1, 2, 3]);
    expect(ids(log, 3)).toEqual([]);
  });

  test('forgets the oldest over its limit of events, and tells how many of them one has missed', () => {
    const log = new EventLog({ maxEvents: 2 });
    for (let count = 0; count < 5; count++) log.append(count);
    expect(ids(log)).toEqual([4, 5]);
    expect(log.after(0).missed).toBe(3);
    expect(log.after(1).missed).toBe(2);
    expect(log.after(3).missed).toBe(0);
  });

  test('forgets the oldest over its limit of characters, and never the newest', () => {
    const log = new EventLog({ maxChars: 10 });
    for (const text of ['1234', '5678', 'a text longer than the limit']) log.append(text);
    expect(ids(log)).toEqual([3]);
  });

  test('wakes whoever waits at the next event, and at the end', async () => {
    const log = new EventLog();
    const changed = log.changed();
    log.append(1);
    await changed;
    const closed = log.changed();
    log.close();
    await closed;
    await log.changed();
    log.append(2);
    expect(ids(log)).toEqual([1]);
  });
});

/** Work that goes on until it is let go, or stopped. */
function heldWork(): { readonly work: (context: JobContext<unknown>) => Promise<string>; readonly letGo: () => void } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return {
    work: ({ signal }) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      return promise;
    },
    letGo: () => resolve('result'),
  };
}

describe('jobs', () => {
  test('run, tell what happens, and end with their result', async () => {
    const jobs = new Jobs();
    const job = jobs.start<string, number>({
      kind: 'experiment',
      isAlone: false,
      work: async ({ emit }) => {
        emit('hello');
        return 7;
      },
    });
    await job.ended;
    expect(job.result).toBe(7);
    expect(job.summary).toMatchObject({ kind: 'experiment', state: 'done', error: null });
    expect(job.log.after(0).events.map(({ json }) => JSON.parse(json) as unknown)).toEqual(['hello', { type: 'end', job: job.summary }]);
  });

  test('that fail say why', async () => {
    const job = new Jobs().start({ kind: 'probe', isAlone: false, work: () => Promise.reject(new Error('no target')) });
    await job.ended;
    expect(job.summary).toMatchObject({ state: 'failed', error: 'no target' });
  });

  test('that measure run one after the other, in the order they were asked for', async () => {
    const jobs = new Jobs();
    const first = heldWork();
    const order: string[] = [];
    const firstJob = jobs.start({ kind: 'experiment', isAlone: true, work: first.work });
    const second = jobs.start({ kind: 'experiment', isAlone: true, work: () => Promise.resolve(order.push('second')) });
    const other = jobs.start({ kind: 'chat', isAlone: false, work: () => Promise.resolve(order.push('beside')) });
    await other.ended;
    expect(second.summary.state).toBe('waiting');
    first.letGo();
    await Promise.all([firstJob.ended, second.ended]);
    expect(order).toEqual(['beside', 'second']);
  });

  test('are stopped while they run and while they wait, and the next has its turn', async () => {
    const jobs = new Jobs();
    const running = jobs.start({ kind: 'experiment', isAlone: true, work: heldWork().work });
    const waiting = jobs.start({ kind: 'experiment', isAlone: true, work: heldWork().work });
    const last = jobs.start({ kind: 'experiment', isAlone: true, work: () => Promise.resolve(1) });
    waiting.stop();
    expect(waiting.summary.state).toBe('stopped');
    running.stop();
    await last.ended;
    expect([running.summary.state, last.summary.state]).toEqual(['stopped', 'done']);
  });

  test('are refused over the limit, and taken again when one is over', async () => {
    const jobs = new Jobs({ maxUnfinished: 1 });
    const { work, letGo } = heldWork();
    const job = jobs.start({ kind: 'chat', isAlone: false, work });
    expect(() => jobs.start({ kind: 'chat', isAlone: false, work })).toThrow(expect.objectContaining({ status: 429 }));
    letGo();
    await job.ended;
    expect(jobs.start({ kind: 'chat', isAlone: false, work: () => Promise.resolve() }).kind).toBe('chat');
  });

  test('that are over are kept up to a limit, the newest', async () => {
    const jobs = new Jobs({ maxFinished: 2 });
    const started = [1, 2, 3].map((number) => jobs.start({ kind: 'chat', isAlone: false, work: () => Promise.resolve(number) }));
    await Promise.all(started.map(({ ended }) => ended));
    expect(started.map(({ id }) => jobs.get(id)?.result)).toEqual([undefined, 2, 3]);
  });

  test('that are over have only so many characters in all, however few they are, but the newest stays', async () => {
    const jobs = new Jobs({ maxFinishedChars: 1000 });
    const lengths = [100, 200, 900, 5000];
    const started = [];
    for (const length of lengths) {
      const job = jobs.start({ kind: 'playground', isAlone: false, work: () => Promise.resolve('x'.repeat(length)) });
      await job.ended;
      started.push(job);
      if (length === 900) expect(started.map(({ id }) => jobs.get(id) !== undefined)).toEqual([false, false, true]);
    }
    expect(started.map(({ id }) => jobs.get(id) !== undefined)).toEqual([false, false, false, true]);
  });

  test('end when the service does, and none is started after', async () => {
    const ended: string[] = [];
    const jobs = new Jobs({ onEnd: ({ state }) => ended.push(state) });
    const { work } = heldWork();
    jobs.start({ kind: 'probe', isAlone: false, work });
    await jobs.close();
    expect(ended).toEqual(['stopped']);
    expect(() => jobs.start({ kind: 'probe', isAlone: false, work })).toThrow(Refusal);
  });
});
