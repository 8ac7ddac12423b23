import { createLogger } from '@socklab/service';
import { captureLog } from '@socklab/testkit';
import type { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { createApi } from '../src/api.ts';
import type { LabReport } from '../src/lab/run-all.ts';
import { createStickyLabMetrics } from '../src/metrics.ts';
import { failedRun, labReport, runReport, unexpectedRun } from './reports.ts';

const report = labReport(runReport(), unexpectedRun, failedRun);
const metrics = createStickyLabMetrics();

function api(served: LabReport = report, isLocal = true): Hono {
  const log = createLogger({ app: 'sticky-lab', destination: captureLog().destination });
  return createApi({ report: served, isLocal: () => isLocal, log, metrics });
}

async function get(app: Hono, path: string, init: RequestInit = {}): Promise<Response> {
  return app.request(`http://localhost:8080${path}`, { headers: { host: 'localhost:8080' }, ...init });
}

describe('the page', () => {
  test('has every result', async () => {
    const response = await get(api(), '/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    // Between tags, white space means nothing.
    const page = (await response.text()).replaceAll(/>\s+</g, '><');
    for (const { id, title, question, rows } of report.experiments) {
      expect(page).toContain(`<tr id="${id}">`);
      expect(page).toContain(`<strong>${title}.</strong> ${question}`);
      for (const { label, value } of rows) expect(page).toContain(`<dt>${label}</dt><dd>${value.replaceAll("'", '&#39;')}</dd>`);
    }
    expect(page).toContain('<td class="expected">yes</td>');
    expect(page).toContain('<td class="unexpected">no, but should be yes</td>');
    expect(page).toContain('<td class="failed">failed: the run did not end within 50 ms (LAB_ERR_TIME_LIMIT)</td>');
    expect(page).toContain('2 of 3 NOT as expected');
  });

  test('escapes whatever a run brought', async () => {
    const evil = '</dd><script>alert("&\'")</script>';
    const run = runReport({ id: evil, title: evil, question: evil, rows: [{ label: evil, value: evil }], error: evil, outcome: 'failed' });
    const app = api({ ...labReport(run), startedAt: evil, machine: { node: evil, platform: evil } });
    const page = await (await get(app, '/')).text();
    expect(page).not.toContain('<script');
    // When, where (2), the id (3 times), title, question, label, value and error.
    expect(page.split('&lt;/dd&gt;&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;').length - 1).toBe(11);
  });

  test('works without scripts, and allows none', async () => {
    const response = await get(api(), '/');
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
    const page = await response.text();
    expect(page).not.toMatch(/<script|\son\w+=|style="|https?:/);
    const style = await get(api(), '/style.css');
    expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8');
    await expect(style.text()).resolves.toContain('light-dark(');
  });

  test('is one table that a screen reader can follow, in English', async () => {
    const page = await (await get(api(), '/')).text();
    expect(page).toContain('<html lang="en">');
    expect(page.match(/<th scope="col">/g)).toHaveLength(3);
    expect(page.match(/<th scope="row">/g)).toHaveLength(3);
    expect(page).toContain('<caption>');
  });
});

describe('the API', () => {
  test('gives the report, and each run of it', async () => {
    const all = await get(api(), '/api/experiments');
    expect(all.status).toBe(200);
    expect(all.headers.get('content-type')).toBe('application/json');
    await expect(all.json()).resolves.toEqual(report);
    const one = await get(api(), '/api/experiments/failed-one');
    await expect(one.json()).resolves.toEqual(failedRun);
  });

  test.each(['/nope', '/api', '/api/experiments/nope', '/api/experiments/nope/more', '/api/experiments/__proto__'])(
    'answers %s with 404 and JSON',
    async (path) => {
      const response = await get(api(), path);
      expect(response.status).toBe(404);
      await expect(response.json()).resolves.toEqual({ error: expect.any(String) });
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    },
  );

  test('HEAD gives the headers of GET and no body', async () => {
    const response = await get(api(), '/api/experiments', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    await expect(response.text()).resolves.toBe('');
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is 405, and says what is allowed', async (method) => {
    const response = await get(api(), '/api/experiments', { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    await expect(response.json()).resolves.toEqual({ error: `${method} is not allowed, only GET and HEAD` });
  });

  test('a host that is not this machine is 403 when only this machine can connect', async () => {
    const headers = { host: 'rebound.example:8080' };
    const response = await get(api(), '/api/experiments', { headers });
    expect(response.status).toBe(403);
    await expect(response.json()).resolves.toEqual({ error: expect.stringContaining('"rebound.example:8080" is not served') });
    expect((await get(api(), '/', { headers: {} })).status).toBe(403);
    expect((await get(api(report, false), '/', { headers })).status).toBe(200);
  });

  test('counts requests by route and status, never by path', async () => {
    const app = api();
    await get(app, '/api/experiments/failed-one');
    await get(app, '/some/long/path');
    const text = await metrics.service.registry.metrics();
    expect(text).toMatch(/http_requests_total\{route="\/api\/experiments\/:id",status="200"\} \d/);
    expect(text).toMatch(/http_requests_total\{route="other",status="404"\} \d/);
    expect(text).not.toContain('some/long');
  });
});
