import { expect, test } from 'vitest';
import { Jobs } from '../../src/http/jobs/jobs.ts';
import { KeptJobs } from '../../src/http/jobs/kept-jobs.ts';
import type { KeptJob, Started } from '../../src/http/jobs/kept-jobs.ts';

const TEXT = { en: 'too many', zh: '太多' };

function setUp(jobs: Jobs): { readonly kept: KeptJobs<string>; readonly forgotten: string[] } {
  const forgotten: string[] = [];
  const kept = new KeptJobs<string>({
    jobs,
    kind: 'proxy',
    maxRunning: 2,
    maxEnded: 1,
    tooMany: TEXT,
    missing: (seen) => ({ en: `no ${seen}`, zh: seen }),
    forgotten: async (each) => void forgotten.push(each),
  });
  return { kept, forgotten };
}

const run = ({ signal }: { readonly signal: AbortSignal }): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')));
  });

/** One that runs until it is stopped. */
function started(kept: string, close?: () => Promise<void>): Started<string, never, never> {
  return { kept, run, ...(close !== undefined && { close }) };
}

async function end({ job }: KeptJob<string>): Promise<void> {
  job.stop();
  await job.ended;
}

test('those that are being opened count as running', async () => {
  const { kept } = setUp(new Jobs());
  const open = Promise.withResolvers<Started<string, never, never>>();
  const first = kept.start(() => open.promise);
  const second = await kept.start(() => Promise.resolve(started('second')));
  await expect(kept.start(() => Promise.resolve(started('third')))).rejects.toMatchObject({ status: 429, message: 'too many' });
  open.resolve(started('first'));
  await Promise.all([end(await first), end(second)]);
  await expect(kept.start(() => Promise.resolve(started('fourth')))).resolves.toMatchObject({ kept: 'fourth' });
});

test('one that cannot be opened leaves its place to the next', async () => {
  const { kept } = setUp(new Jobs());
  for (let index = 0; index < 3; index++) await expect(kept.start(() => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
  await expect(kept.start(() => Promise.resolve(started('a')))).resolves.toMatchObject({ kept: 'a' });
});

test('of those that ended the last are kept, and what others held is freed', async () => {
  const { kept, forgotten } = setUp(new Jobs());
  const [a, b] = [await kept.start(async () => started('a')), await kept.start(async () => started('b'))];
  await end(a);
  await end(b);
  expect(kept.get(b.job.id).kept).toBe('b');
  expect(() => kept.get(a.job.id)).toThrow(`no "${a.job.id}"`);
  expect(forgotten).toEqual(['a']);
  await kept.clear();
  expect(forgotten).toEqual(['a', 'b']);
});

test('what was opened is closed when no job can run it', async () => {
  const jobs = new Jobs({ maxUnfinished: 1 });
  const { kept } = setUp(jobs);
  await kept.start(async () => started('a'));
  const closed: string[] = [];
  const second = kept.start(async () => started('b', async () => void closed.push('b')));
  await expect(second).rejects.toMatchObject({ status: 429, message: expect.stringContaining('1 jobs wait or run already') });
  expect(closed).toEqual(['b']);
  expect(kept.all.map((each) => each.kept)).toEqual(['a']);
});
