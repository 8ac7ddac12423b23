import { defineExperiment } from '@socklab/lab';
import { failedRun, labReport, runReport, unexpectedRun } from '@socklab/lab/testing';
import { describe, expect, test } from 'vitest';
import { testApi } from './api-setup.ts';
import type { JobNews, JobStarted, JobWithResult } from '../../src/http/jobs/contract.ts';
import type { Experiment } from '@socklab/lab';

const same = (text: string): { en: string; zh: string } => ({ en: text, zh: text });

/** Gives back its parameter, or waits until it is stopped when that is 0. */
const echo: Experiment = defineExperiment({
  id: 'echo-number',
  lesson: 1,
  title: same('Echo'),
  question: same('Is it so?'),
  why: same('It is.'),
  params: { number: { default: 1, min: 0, max: 9, unit: 'count', help: same('A number') } },
  run: ({ signal }, { number }) =>
    number > 0
      ? Promise.resolve({ number })
      : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  verdict: () => 'yes',
  expected: () => 'yes',
  rows: () => [],
});

const newsIn = (text: string): readonly JobNews[] => [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json!) as JobNews);
const idsIn = (text: string): readonly number[] => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

describe('the page', () => {
  test('comes with a policy that lets only its own files run, and nobody frame it', async () => {
    const response = await testApi().ask('/');
    expect(response.status).toBe(200);
    await expect(response.text()).resolves.toContain('the page');
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
  });

  test('keeps the files whose names change with their contents', async () => {
    const response = await testApi().ask('/assets/index-1.js');
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  test.each(['/../package.json', '/..%2fpackage.json', '/assets/..%2f..%2fpackage.json', '/nope.js', '/api', '/api/experiments/__proto__'])(
    '%s is 404 and JSON',
    async (path) => {
      const response = await testApi().ask(path);
      expect(response.status).toBe(404);
      await expect(response.json()).resolves.toMatchObject({ error: expect.any(String), zh: expect.any(String) });
    },
  );

  test('that is not built is said at the start, with the command that builds it', () => {
    expect(() => testApi({ pageFolder: '/nonexistent' })).toThrow(/the page is not built: .*sticky-lab page/);
  });
});

describe('the API', () => {
  test('gives the report of the start, and each run of it', async () => {
    const { ask } = testApi();
    const all = await ask('/api/experiments');
    expect(all.headers.get('content-type')).toBe('application/json');
    await expect(all.json()).resolves.toEqual(labReport(runReport(), unexpectedRun, failedRun));
    await expect((await ask('/api/experiments/failed-one')).json()).resolves.toEqual(failedRun);
  });

  test('HEAD gives the headers of GET and no body', async () => {
    const response = await testApi().ask('/api/experiments', { method: 'HEAD' });
    expect({ status: response.status, text: await response.text() }).toEqual({ status: 200, text: '' });
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  test('runs an experiment as a job, whose result is the report', async () => {
    const { post, ask, jobs } = testApi({ experiments: [echo] });
    const response = await post('/api/experiments/echo-number/runs', { params: { number: 7 } });
    expect(response.status).toBe(202);
    const { job } = (await response.json()) as JobStarted;
    expect(job.kind).toBe('experiment');
    await jobs.get(job.id)?.ended;
    const { state, result } = (await (await ask(`/api/jobs/${job.id}`)).json()) as JobWithResult;
    expect({ state, result }).toMatchObject({ state: 'done', result: { id: 'echo-number', params: { number: 7 }, answer: 'yes' } });
  });

  test.each([
    [{ params: { number: 99 } }, 'params.number', '99'],
    [{ params: { number: 'x' } }, 'params.number', 'number'],
    [{ params: { nope: 1 } }, 'params.nope', 'nope'],
    [{ params: 1 }, 'params', ''],
  ])('refuses %j, naming the field and why', async (body, field, words) => {
    const response = await testApi({ experiments: [echo] }).post('/api/experiments/echo-number/runs', body);
    expect(response.status).toBe(422);
    await expect(response.json()).resolves.toMatchObject({ field, error: expect.stringContaining(words), zh: expect.any(String) });
  });

  test('refuses what is not JSON, and what is too long', async () => {
    const { ask, post } = testApi({ experiments: [echo] });
    const headers = { host: 'localhost:8080', 'content-type': 'application/json' };
    expect((await ask('/api/experiments/echo-number/runs', { method: 'POST', body: '{', headers })).status).toBe(400);
    expect((await post('/api/experiments/echo-number/runs', { params: {}, more: 'x'.repeat(300_000) })).status).toBe(413);
  });

  test('counts requests by route and status, never by path', async () => {
    const { ask, metrics } = testApi();
    await ask('/api/experiments/failed-one');
    await ask('/some/long/path');
    const text = await metrics.service.registry.metrics();
    expect(text).toMatch(/http_requests_total\{route="\/api\/experiments",status="200"\} \d/);
    expect(text).toMatch(/http_requests_total\{route="other",status="404"\} \d/);
    expect(text).not.toContain('some/long');
  });
});

describe('the events of a job', () => {
  test('come from the first, and the stream ends with the job', async () => {
    const { ask, jobs } = testApi();
    const job = jobs.start<string, void>({ kind: 'chat', isAlone: false, work: async ({ emit }) => ['a', 'b'].forEach(emit) });
    const response = await ask(`/api/jobs/${job.id}/events`);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const text = await response.text();
    expect(idsIn(text)).toEqual([1, 2, 3]);
    expect(text).toContain('data: "a"\nid: 1\n');
    expect(text).toContain('"type":"end"');
  });

  test('go on after the one that the browser has had', async () => {
    const { ask, jobs } = testApi();
    const job = jobs.start<number, void>({ kind: 'chat', isAlone: false, work: async ({ emit }) => [1, 2, 3, 4].forEach(emit) });
    await job.ended;
    const headers = { host: 'localhost:8080', 'last-event-id': '3' };
    expect(idsIn(await (await ask(`/api/jobs/${job.id}/events`, { headers })).text())).toEqual([4, 5]);
    const unknown = { host: 'localhost:8080', 'last-event-id': 'nonsense' };
    expect(idsIn(await (await ask(`/api/jobs/${job.id}/events`, { headers: unknown })).text())).toEqual([1, 2, 3, 4, 5]);
  });

  test('come as they happen, to all who follow', async () => {
    const { ask, jobs } = testApi();
    const { promise, resolve } = Promise.withResolvers<void>();
    const job = jobs.start<string, void>({
      kind: 'chat',
      isAlone: false,
      work: async ({ emit }) => {
        emit('early');
        await promise;
        emit('late');
      },
    });
    const readers = await Promise.all(
      [1, 2].map(async () => (await ask(`/api/jobs/${job.id}/events`)).body!.pipeThrough(new TextDecoderStream()).getReader()),
    );
    for (const reader of readers) expect((await reader.read()).value).toContain('early');
    resolve();
    for (const reader of readers) {
      let text = '';
      for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
      expect(text).toContain('late');
    }
  });

  test('of several jobs come in one stream, each after the last that came', async () => {
    const { ask, jobs } = testApi();
    const [first, second] = ['a', 'b'].map((letter) =>
      jobs.start<string, void>({
        kind: 'chat',
        isAlone: false,
        work: async ({ emit }) => [1, 2].forEach((number) => emit(`${letter}${number}`)),
      }),
    );
    const path = `/api/jobs/events?after=${first!.id}:0&after=nope:0&after=${second!.id}:1`;
    const news = newsIn(await (await ask(path)).text());
    expect(news.filter(({ job }) => job === first!.id).map(({ id, event }) => [id, event])).toEqual([
      [1, 'a1'],
      [2, 'a2'],
      [3, { type: 'end', job: first!.summary }],
    ]);
    expect(news.filter(({ job }) => job === second!.id).map(({ id }) => id)).toEqual([2, 3]);
    expect(news.filter(({ job }) => job === 'nope')).toEqual([{ job: 'nope', isLost: true }]);
    const again = await ask(path, { headers: { host: 'localhost:8080', 'last-event-id': `${first!.id}:3` } });
    expect(newsIn(await again.text()).map(({ job, id }) => [job, id])).toEqual([
      ['nope', undefined],
      [second!.id, 2],
      [second!.id, 3],
    ]);
  });

  test.each(['', '?after=', '?after=x', '?after=x:y', `?${Array.from({ length: 65 }, () => 'after=x:1').join('&')}`])(
    'of several are refused when it is not said which: %s',
    async (query) => {
      const response = await testApi().ask(`/api/jobs/events${query}`);
      expect(response.status).toBe(400);
      await expect(response.json()).resolves.toMatchObject({ field: 'after' });
    },
  );

  test('of a job that is not known are 404', async () => {
    expect((await testApi().ask('/api/jobs/nope/events')).status).toBe(404);
  });

  test('end when the job is stopped', async () => {
    const { post, ask, jobs } = testApi({ experiments: [echo] });
    const { job } = (await (await post('/api/experiments/echo-number/runs', { params: { number: 0 } })).json()) as JobStarted;
    const events = (await ask(`/api/jobs/${job.id}/events`)).text();
    expect((await post(`/api/jobs/${job.id}/stop`, {})).status).toBe(200);
    expect(await events).toContain('"type":"end"');
    await jobs.get(job.id)?.ended;
    expect(jobs.list()).toMatchObject([{ state: 'stopped' }]);
  });
});
