import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { Jobs } from '../../../src/http/jobs/jobs.ts';
import { Refusal } from '../../../src/http/refusal.ts';
import { servePlayground } from '../../../src/pages/playground/routes.ts';
import { DEFAULT_SETTINGS } from '../../../src/pages/playground/settings.ts';
import type { JobStarted } from '../../../src/http/jobs/contract.ts';

const jobs = new Jobs();
const app = new Hono();
servePlayground(app, { jobs });
app.onError((error, context) => {
  if (error instanceof Refusal) return context.json(error.answer, error.status);
  throw error;
});

async function post(body: unknown): Promise<Response> {
  return app.request('/api/playground/runs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('POST /api/playground/runs', () => {
  test('starts a job that has the machine for itself, and gives both connections', async () => {
    const response = await post(DEFAULT_SETTINGS);
    expect(response.status).toBe(202);
    const { job } = (await response.json()) as JobStarted;
    expect(job.kind).toBe('playground');
    const started = jobs.get(job.id);
    await started?.ended;
    expect(started?.summary).toMatchObject({ state: 'done', error: null });
    expect(started?.result).toMatchObject({ raw: { verdict: { fate: 'glued' } }, framed: { verdict: { fate: 'whole' } } });
    const told = started?.log.after(0).events.map(({ json }) => (JSON.parse(json) as { readonly type: string }).type);
    expect(told).toEqual(['side', 'side', 'end']);
  });

  test.each<[string, unknown, string]>([
    ['messages', 'hello', 'messages'],
    ['messages', [1], 'messages.0'],
    ['repeat', null, 'repeat'],
    ['repeat', 0, 'repeat'],
    ['write', 'sometimes', 'write'],
    ['firstRead', undefined, 'firstRead'],
    ['noDelay', 'yes', 'noDelay'],
  ])('refuses %s: %j, 422, and starts nothing', async (name, value, field) => {
    const before = jobs.list().length;
    const response = await post({ ...DEFAULT_SETTINGS, [name]: value });
    expect(response.status).toBe(422);
    await expect(response.json()).resolves.toMatchObject({ field, error: expect.any(String) as string, zh: expect.any(String) as string });
    expect(jobs.list()).toHaveLength(before);
  });
});
