import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { experiments } from '@socklab/lab';
import { closed, connectTo, listening, sourceCommand, startCommand, startProgram } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { widthOf } from '../src/serve.ts';
import type { JobStarted } from '../src/http/jobs/contract.ts';
import type { LabReport } from '@socklab/lab';
import type { Program } from '@socklab/testkit';

interface Options {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly ipc?: boolean;
}

function startServe({ args = ['--http', '127.0.0.1:0'], env = {}, ipc = false }: Options = {}): Program {
  return startProgram('sticky-lab', ['serve', ...args], { env, ipc, stdin: 'ignore' });
}

/** Where the program says it serves: `http://127.0.0.1:8080`. */
async function urlOf(program: Program): Promise<string> {
  const { endpoints } = await program.log('listening');
  return (endpoints as readonly [string])[0];
}

/** A request with a Host header of our own, which `fetch` does not allow. */
async function statusFor(url: string, host: string): Promise<number | undefined> {
  const sent = request(url, { headers: { host } }).end();
  const [response] = (await once(sent, 'response')) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

describe('sticky-lab serve', () => {
  test('runs the experiments, serves page and JSON, and exits 0 on SIGTERM', async () => {
    await using program = startServe();
    const url = await urlOf(program);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

    const page = await fetch(`${url}/`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
    expect((await fetch(`${url}/${script}`)).status).toBe(200);

    const report = (await (await fetch(`${url}/api/experiments`)).json()) as LabReport;
    expect(report.isAsExpected).toBe(true);
    expect(report.experiments.map(({ id }) => id)).toEqual(experiments.map(({ id }) => id));
    const one = await fetch(`${url}/api/experiments/two-sends-merge`);
    await expect(one.json()).resolves.toEqual(report.experiments.find(({ id }) => id === 'two-sends-merge'));

    expect((await fetch(`${url}/api/experiments/nope`)).status).toBe(404);
    expect((await fetch(`${url}/api/experiments`, { method: 'PUT', body: '{}' })).status).toBe(405);
    const head = await fetch(`${url}/`, { method: 'HEAD' });
    expect({ status: head.status, text: await head.text() }).toEqual({ status: 200, text: '' });

    program.signal('SIGTERM');
    const { code, stderr } = await program.exit();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(program.logs('drained')).toMatchObject([{ reason: 'SIGTERM', cut: false }]);
  });

  test('serves no host but this machine while it listens on loopback', async () => {
    await using program = startServe();
    const url = await urlOf(program);
    await expect(statusFor(url, 'rebound.example')).resolves.toBe(403);
    await expect(statusFor(url, 'localhost:1234')).resolves.toBe(200);
  });

  test('connections that say nothing do not keep the page from others', async () => {
    await using program = startServe();
    const url = await urlOf(program);
    const silent = [];
    for (let each = 0; each < 300; each++) silent.push(await connectTo(Number(new URL(url).port)));
    expect((await fetch(`${url}/api/experiments`)).status).toBe(200);
    for (const socket of silent) socket.destroy();
  });

  test('listens on [::1]', async () => {
    await using program = startServe({ args: ['--http', '[::1]:0'] });
    const url = await urlOf(program);
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${url}/api/experiments`)).status).toBe(200);
    await expect(statusFor(url, 'rebound.example')).resolves.toBe(403);
  });

  test('listens on a unix socket, and removes it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sticky-lab-'));
    const path = join(folder, 'http.sock');
    await using program = startServe({ args: ['--http', `unix:${path}`] });
    await expect(urlOf(program)).resolves.toBe(`unix:${path}`);
    const sent = request({ socketPath: path, path: '/api/experiments', agent: false }).end();
    const [response] = (await once(sent, 'response')) as [{ statusCode?: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);
    program.signal('SIGTERM');
    await expect(program.exit()).resolves.toMatchObject({ code: 0 });
    // Fails when the socket is still in it.
    rmdirSync(folder);
  });

  test('--table prints the results before it serves', async () => {
    await using program = startServe({ env: { STICKY_LAB_HTTP: '127.0.0.1:0' }, args: ['--table', '--log-level', 'silent'], ipc: true });
    await program.message();
    expect(program.output().stdout).toMatch(/^sticky-lab: what real sockets did[^]*\n(\d+) experiments in \d+ ms: \1 as expected\n\n$/);
  });

  test('listens for others only with a token, which they need', async () => {
    await using bare = startServe({ args: ['--http', '0.0.0.0:0'] });
    const { code, stderr } = await bare.exit();
    expect(stderr).toMatch(/^sticky-lab: --http 0\.0\.0\.0 lets others than this machine use the lab: give a --token[^\n]+\n$/);
    expect(code).toBe(2);

    const token = 'a-token-of-20-letters';
    await using program = startServe({ args: ['--http', '0.0.0.0:0'], env: { STICKY_LAB_TOKEN: token } });
    const url = (await urlOf(program)).replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${url}/api/experiments`)).status).toBe(401);
    expect((await fetch(`${url}/api/experiments`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect(JSON.stringify(program.output())).not.toContain(token);
  });

  test('whoever follows a job does not hold the exit: the stream ends with the service', async () => {
    await using program = startServe();
    const url = await urlOf(program);
    const headers = { 'content-type': 'application/json' };
    const started = await fetch(`${url}/api/experiments/frames-survive/runs`, { method: 'POST', body: '{}', headers });
    const { job } = (await started.json()) as JobStarted;
    const events = await fetch(`${url}/api/jobs/${job.id}/events`);
    program.signal('SIGTERM');
    expect(await events.text()).toContain('"type":"end"');
    await expect(program.exit()).resolves.toMatchObject({ code: 0 });
    expect(program.logs('drained')).toMatchObject([{ cut: false }]);
  });

  test('neither idle connections nor one that was never used hold the exit', async () => {
    await using program = startServe({ args: ['--http', '127.0.0.1:0', '--drain-timeout', '1h'] });
    const url = await urlOf(program);
    const agent = new Agent({ keepAlive: true });
    const sent = request(url, { agent }).end();
    const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
    await once(response.resume(), 'end');
    const unused = await connectTo(Number(new URL(url).port));
    program.signal('SIGTERM');
    await expect(program.exit()).resolves.toMatchObject({ code: 0 });
    expect(program.logs('drained')).toMatchObject([{ cut: false }]);
    await closed(unused);
    agent.destroy();
  });

  test('--admin tells that it is ready, and what it counted', async () => {
    await using program = startServe({ args: ['--http', '127.0.0.1:0', '--admin', '127.0.0.1:0'] });
    await fetch(await urlOf(program));
    const { endpoint } = await program.log('admin listening');
    const admin = String(endpoint).replace('tcp:', 'http:');
    expect((await fetch(`${admin}/readyz`)).status).toBe(200);
    const text = await (await fetch(`${admin}/metrics`)).text();
    expect(text).toContain('socklab_sticky_lab_http_requests_total{route="/",status="200"} 1\n');
    for (const { id } of experiments) {
      expect(text).toContain(`socklab_sticky_lab_experiment_runs_total{experiment="${id}",outcome="expected"} 1\n`);
    }
  });

  test('drains when the process that started it is gone', async () => {
    await using program = startServe({ ipc: true });
    await expect(program.message()).resolves.toEqual({ type: 'ready', endpoints: [await urlOf(program)] });
    program.disconnect();
    await expect(program.log('drained')).resolves.toMatchObject({ reason: 'parent gone', cut: false });
    expect((await program.exit()).code).toBe(0);
  });

  test('serves what did not go as expected too, and logs which', async () => {
    const file = fileURLToPath(new URL('fixtures/failing-lab.ts', import.meta.url));
    await using program = startCommand(sourceCommand(file, ['serve', '--http', '127.0.0.1:0']), { stdin: 'ignore' });
    const report = (await (await fetch(`${await urlOf(program)}/api/experiments`)).json()) as LabReport;
    expect(report.experiments.map(({ outcome, error }) => ({ outcome, error }))).toEqual([
      { outcome: 'unexpected', error: null },
      { outcome: 'failed', error: 'no socket' },
    ]);
    expect(program.logs('experiment not as expected')).toMatchObject([
      { level: 'warn', experiment: 'wrong-answer', outcome: 'unexpected', answer: 'no' },
      { level: 'warn', experiment: 'broken-run', outcome: 'failed', reason: 'no socket' },
    ]);
  });
});

describe('bad input', () => {
  test.each([
    [['--http', '127.0.0.1:70000'], '"70000" is not a port: give a whole number from 0 to 65535'],
    [['--http', 'nonsense'], 'not an endpoint'],
    [['--token', 'short'], 'a token has at least 16'],
    [['--http', 'can:vcan0'], 'can:vcan0'],
    [['--http'], "option '--http <address>' argument missing"],
    [['--drain-timeout', '5'], '"5" is not a duration'],
    [['--log-level', 'loud'], 'Allowed choices are'],
    [['--nope'], "unknown option '--nope'"],
    [['extra'], 'too many arguments'],
  ])('serve %j is one line and exit 2', async (args, message) => {
    await using program = startServe({ args });
    const { code, stdout, stderr } = await program.exit();
    expect(stderr).toMatch(/^sticky-lab: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('STICKY_LAB_HTTP is checked the same way', async () => {
    await using program = startServe({ args: [], env: { STICKY_LAB_HTTP: '127.0.0.1:70000' } });
    const { code, stderr } = await program.exit();
    expect(stderr).toMatch(/^sticky-lab: [^\n]*STICKY_LAB_HTTP[^\n]*\n$/);
    expect(code).toBe(2);
  });

  test('a port that is taken is said plainly, exit 69', async () => {
    const holder = createServer();
    const port = await listening(holder);
    await using program = startServe({ args: ['--http', `127.0.0.1:${port}`] });
    const { code, stderr } = await program.exit();
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr).toContain('--http');
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(69);
    holder.close();
  });
});

test('serve is what sticky-lab does without a command', async () => {
  await using program = startProgram('sticky-lab', ['--http', '127.0.0.1:0']);
  expect(await program.log('listening')).toMatchObject({ endpoints: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)] });
});

test.each([
  [{ columns: 40 }, 40],
  [{ columns: 0 }, 80],
  [{}, 80],
])('lines printed to %j have at most %i columns', (stream, width) => {
  expect(widthOf(stream)).toBe(width);
});
