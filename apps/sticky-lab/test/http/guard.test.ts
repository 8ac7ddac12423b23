import { describe, expect, test } from 'vitest';
import { testApi } from './api-setup.ts';

const TOKEN = 'a-token-of-20-letters';

describe('who is served', () => {
  test.each(['localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST'])(
    'the host %s, where only this machine can connect',
    async (host) => {
      expect((await testApi().ask('/', { headers: { host } })).status).toBe(200);
    },
  );

  test('not a name of elsewhere that was made to mean this machine', async () => {
    const response = await testApi().ask('/api/experiments', { headers: { host: 'rebound.example:8080' } });
    expect(response.status).toBe(403);
    await expect(response.json()).resolves.toMatchObject({ error: expect.stringContaining('"rebound.example:8080" is not served') });
    expect((await testApi().ask('/', { headers: {} })).status).toBe(403);
  });

  test.each([
    ['of another site', { origin: 'http://evil.example' }],
    ['of another port of this machine', { origin: 'http://localhost:9999' }],
    ['that hides where it comes from', { origin: 'null' }],
    ['as a form sends it', { 'content-type': 'text/plain' }],
  ])('no change %s', async (_, headers) => {
    const { post, jobs } = testApi();
    expect((await post('/api/jobs/nope/stop', {}, headers)).status).toBe(403);
    expect(jobs.list()).toEqual([]);
  });

  test('a change of the page itself, and of a program', async () => {
    const { post } = testApi();
    // 404: it was let through, and there is no such job.
    expect((await post('/api/jobs/nope/stop', {}, { origin: 'http://localhost:8080' })).status).toBe(404);
    expect((await post('/api/jobs/nope/stop', {})).status).toBe(404);
  });

  test.each(['PUT', 'OPTIONS'])('%s is 405', async (method) => {
    expect((await testApi().app.request('http://localhost/', { method, headers: { host: 'localhost' } })).status).toBe(405);
  });
});

describe('with a token', () => {
  const { ask, post } = testApi({ token: TOKEN, isLocal: () => false });
  const host = 'lab.example';

  test.each([
    ['/', {}],
    ['/api/experiments', {}],
    ['/api/experiments', { authorization: 'Bearer wrong' }],
    ['/api/experiments', { authorization: TOKEN }],
    ['/?token=wrong', {}],
    ['/', { cookie: 'sticky-lab-token=wrong' }],
  ])('%s with %j is 401', async (path, headers) => {
    expect((await ask(path, { headers: { host, ...headers } })).status).toBe(401);
  });

  test('any host is served that brings it', async () => {
    expect((await ask('/api/experiments', { headers: { host, authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  });

  test('the address that has it gives a cookie, and goes on to one without it', async () => {
    const response = await ask(`/?experiment=a&token=${TOKEN}`, { headers: { host } });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/?experiment=a');
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^sticky-lab-token=a-token-of-20-letters; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ask('/', { headers: { host, cookie: cookie.split(';')[0] ?? '' } })).status).toBe(200);
  });

  test('a change of another site is refused even so', async () => {
    const headers = { host, authorization: `Bearer ${TOKEN}`, origin: 'http://evil.example' };
    expect((await post('/api/jobs/nope/stop', {}, headers)).status).toBe(403);
  });
});
