import { experiments } from '@socklab/lab';
import { startProgram } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { Jobs } from '../../src/http/jobs/jobs.ts';
import { createProbePage } from '../../src/pages/probe/probe-page.ts';
import { testApi } from './api-setup.ts';
import type { JobStarted } from '../../src/http/jobs/contract.ts';

const TOKEN = 'a-token-of-20-letters';
const CLASS = 'a-token-of-the-class';

const jobs = new Jobs();
const api = testApi({ token: TOKEN, classToken: CLASS, isLocal: () => false, jobs, probePage: createProbePage(jobs), experiments });

function as(token: string): Readonly<Record<string, string>> {
  return { host: 'lab.example', authorization: `Bearer ${token}` };
}

async function pageOf(token: string): Promise<string> {
  return (await api.ask('/', { headers: as(token) })).text();
}

async function statusOf(method: string, path: string, token: string): Promise<number> {
  if (method === 'GET') return (await api.ask(path, { headers: as(token) })).status;
  return (await api.post(path, {}, as(token))).status;
}

describe('a class', () => {
  test.each(['/', '/assets/index-1.js', '/api/lab', '/api/experiments', '/api/jobs'])('reads %s', async (path) => {
    expect(await statusOf('GET', path, CLASS)).toBe(200);
  });

  test('is told so in the page, and nobody else is', async () => {
    await expect(pageOf(CLASS)).resolves.toContain('<html data-visitor="class" lang="en">');
    await expect(pageOf(TOKEN)).resolves.toContain('<html lang="en">');
  });

  test('runs a lesson, and follows and stops its own run', async () => {
    const started = await api.post('/api/experiments/two-sends-merge/runs', {}, as(CLASS));
    expect(started.status).toBe(202);
    const { job } = (await started.json()) as JobStarted;
    const events = await api.ask(`/api/jobs/${job.id}/events`, { headers: as(CLASS) });
    await expect(events.text()).resolves.toContain('"state":"done"');
    expect(await statusOf('GET', `/api/jobs/${job.id}`, CLASS)).toBe(200);
    expect(await statusOf('POST', `/api/jobs/${job.id}/stop`, CLASS)).toBe(200);
  });

  test.each(['/api/chats', '/api/proxies', '/api/probe/campaigns', '/api/probe', '/%61pi/proxies', '/api/PROXIES', '//api/chats'])(
    'opens nothing by POST %s',
    async (path) => {
      const before = jobs.list().length;
      expect([403, 404]).toContain(await statusOf('POST', path, CLASS));
      expect(jobs.list()).toHaveLength(before);
    },
  );

  test('is told of no job of others, and stops none', async () => {
    const { summary } = jobs.start({
      kind: 'proxy',
      isAlone: false,
      work: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(null));
        }),
    });
    await expect((await api.ask('/api/jobs', { headers: as(CLASS) })).json()).resolves.toEqual([]);
    expect(await statusOf('GET', `/api/jobs/${summary.id}`, CLASS)).toBe(404);
    expect(await statusOf('GET', `/api/jobs/${summary.id}/events`, CLASS)).toBe(404);
    expect(await statusOf('POST', `/api/jobs/${summary.id}/stop`, CLASS)).toBe(404);
    const many = await api.ask(`/api/jobs/events?after=${summary.id}:0`, { headers: as(CLASS) });
    await expect(many.text()).resolves.toContain('"isLost":true');
    expect(await statusOf('POST', `/api/jobs/${summary.id}/stop`, TOKEN)).toBe(200);
    await jobs.close();
  });

  test('comes in by the address too, and its teacher after it in the same browser', async () => {
    const entered = await api.ask(`/?token=${CLASS}`, { headers: { host: 'lab.example' } });
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/']);
    const cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
    const headers = { host: 'lab.example', cookie };
    expect((await api.ask('/api/proxies', { headers })).status).toBe(403);
    const teacher = await api.ask(`/?token=${TOKEN}`, { headers });
    expect([teacher.status, teacher.headers.get('set-cookie')]).toEqual([303, expect.stringContaining(TOKEN)]);
  });
});

test.each([
  ['without a token beside it', ['--class-token', CLASS]],
  ['that is the token', ['--class-token', TOKEN, '--token', TOKEN]],
])('a class token %s is refused', async (_, args) => {
  await using program = startProgram('sticky-lab', ['serve', '--http', '127.0.0.1:0', ...args]);
  expect((await program.exit()).code).toBe(2);
  expect(program.output().stderr).toBe(
    'sticky-lab: --class-token needs a --token beside it, and another one: for who may do more than a class\n',
  );
});
