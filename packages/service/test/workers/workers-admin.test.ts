import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startFixture } from '../process.ts';
import { ask, connected } from '../sockets.ts';
import type { Fixture } from '../process.ts';

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Fixture {
  return startFixture('workers', ['--admin', '127.0.0.1:0', '--drain-timeout', '50ms', ...args], { env });
}

async function get(service: Fixture, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const { endpoint } = await service.log('admin listening');
  const response = await fetch(`${String(endpoint).replace('tcp:', 'http:')}${path}`, { headers: { connection: 'close' } });
  return { status: response.status, text: await response.text() };
}

async function metric(service: Fixture, name: string): Promise<number> {
  const { status, text } = await get(service, '/metrics');
  expect(status).toBe(200);
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const own = (name: string): string => `socklab_fixture_app_${name}`;

async function workerPid(service: Fixture, worker: number): Promise<number> {
  const line = await service.line(new RegExp(`"worker":${worker},"endpoints".*"msg":"worker listening"`));
  return (JSON.parse(line) as { pid: number }).pid;
}

/** Connections to both workers, with one message each besides the question who it is. */
async function talkToBoth(port: number): Promise<number> {
  const seen = new Set<string>();
  let messages = 0;
  for (let attempt = 0; seen.size < 2 && attempt < 200; attempt += 1) {
    const socket = await connected({ port });
    seen.add(await ask(socket, 'pid'));
    messages += 1;
  }
  expect(seen.size).toBe(2);
  return messages;
}

test('metrics are the sum of the workers, with one admin endpoint', async () => {
  await using service = start(['--workers', '2']);
  const messages = await talkToBoth(await service.port());
  expect(await metric(service, own('messages_total'))).toBe(messages);
  expect(await metric(service, own('connections'))).toBe(messages);
  expect(await metric(service, own('workers_ready'))).toBe(2);
  expect(await metric(service, own('workers_restarts_total'))).toBe(0);
  expect(await metric(service, own('workers_unanswered_total'))).toBe(0);
  const { text } = await get(service, '/metrics');
  expect(text.match(/^process_resident_memory_bytes /gm)).toHaveLength(1);
  service.child.kill('SIGTERM');
  expect((await service.exit()).stdout.match(/"msg":"admin listening"/g)).toHaveLength(1);
});

test('no counter goes down when a worker dies, and the restart is counted', async () => {
  await using service = start(['--workers', '2']);
  const messages = await talkToBoth(await service.port());
  expect(await metric(service, own('messages_total'))).toBe(messages);
  const first = await workerPid(service, 1);
  process.kill(first, 'SIGKILL');
  await service.log('worker died');
  expect(await metric(service, own('messages_total'))).toBe(messages);
  expect(await metric(service, own('workers_ready'))).toBeLessThanOrEqual(2);
  await service.line(new RegExp(`"worker":1,"endpoints".*"pid":(?!${first},)\\d+,"msg":"worker listening"`));
  expect(await metric(service, own('messages_total'))).toBe(messages);
  expect(await metric(service, own('workers_restarts_total'))).toBe(1);
  expect(await metric(service, own('connections'))).toBeLessThan(messages);
});

test('is not ready before all workers are', async () => {
  await using service = start(['--workers', '2', '--start', 'wait']);
  await service.line(/"worker":2,.*"msg":"starting"/);
  // The first worker serves, the second does not yet.
  expect(await get(service, '/readyz')).toEqual({ status: 503, text: 'starting' });
});

test('is ready only while all workers are', async () => {
  await using folder = await temporaryFolder();
  const gate = join(folder.path, 'gate');
  await using service = start(['--workers', '2'], { GATE: gate });
  await service.port();
  expect(await get(service, '/readyz')).toEqual({ status: 200, text: 'ready' });
  const first = await workerPid(service, 1);
  // No worker starts while it is there.
  await writeFile(gate, '');
  process.kill(first, 'SIGKILL');
  await service.log('worker died');
  expect(await get(service, '/readyz')).toEqual({ status: 503, text: 'starting' });
  await rm(gate);
  await service.line(new RegExp(`"worker":1,"endpoints".*"pid":(?!${first},)\\d+,"msg":"worker listening"`));
  await expect.poll(() => get(service, '/readyz'), { timeout: 10_000 }).toEqual({ status: 200, text: 'ready' });
});

test('a worker that stands still is not ready, is killed and replaced, and then all serve again', async () => {
  await using service = start(['--workers', '2']);
  const port = await service.port();
  const second = await workerPid(service, 2);
  expect(await get(service, '/readyz')).toEqual({ status: 200, text: 'ready' });
  process.kill(second, 'SIGSTOP');
  await expect.poll(() => get(service, '/readyz'), { timeout: 8000 }).toEqual({ status: 503, text: 'starting' });
  expect(await metric(service, own('workers_ready'))).toBe(1);
  expect(await service.log('worker does not respond: killing it')).toMatchObject({ level: 'error', worker: 2, pid: second });
  expect(await service.log('worker died')).toMatchObject({ worker: 2, pid: second, signal: 'SIGKILL' });
  await service.line(new RegExp(`"worker":2,"endpoints".*"pid":(?!${second},)\\d+,"msg":"worker listening"`));
  await expect.poll(() => get(service, '/readyz')).toEqual({ status: 200, text: 'ready' });
  await talkToBoth(port);
}, 30_000);

test('a worker that stands still and goes on in time is ready again, and stays', async () => {
  await using service = start(['--workers', '2']);
  await service.port();
  const second = await workerPid(service, 2);
  process.kill(second, 'SIGSTOP');
  await expect.poll(() => get(service, '/readyz'), { timeout: 8000 }).toMatchObject({ status: 503 });
  process.kill(second, 'SIGCONT');
  await expect.poll(() => get(service, '/readyz')).toMatchObject({ status: 200 });
  expect(await workerPid(service, 2)).toBe(second);
  expect(await metric(service, own('workers_restarts_total'))).toBe(0);
});

test('a worker that does not answer is left out and counted, its counters stay', async () => {
  await using service = start(['--workers', '2']);
  const messages = await talkToBoth(await service.port());
  expect(await metric(service, own('messages_total'))).toBe(messages);
  const second = await workerPid(service, 2);
  process.kill(second, 'SIGSTOP');
  const startedAt = performance.now();
  expect(await metric(service, own('messages_total'))).toBe(messages);
  // A scraper gives up after ten seconds.
  expect(performance.now() - startedAt).toBeLessThan(8000);
  expect(await service.log('worker omitted from an answer')).toMatchObject({
    worker: 2,
    question: 'metrics',
    reason: 'no answer within 2000 ms',
  });
  process.kill(second, 'SIGCONT');
  await expect.poll(() => metric(service, own('workers_unanswered_total'))).toBeGreaterThanOrEqual(1);
});

test('what the workers answer to a path of the service is concatenated', async () => {
  await using service = start(['--workers', '2']);
  const messages = await talkToBoth(await service.port());
  const pids = [await workerPid(service, 1), await workerPid(service, 2)];
  const connections = JSON.parse((await get(service, '/connections')).text) as { pid: number }[];
  expect(connections).toHaveLength(messages);
  expect(new Set(connections.map(({ pid }) => pid))).toEqual(new Set(pids));
  expect(JSON.parse((await get(service, '/pid')).text)).toEqual(pids);
  expect(await get(service, '/unanswerable')).toEqual({ status: 500, text: 'failed: no answer to that' });
});

test('questions do not pile up on the way to a worker that hangs, and it is asked again once it answers', async () => {
  await using service = start(['--workers', '2']);
  await service.port();
  const [first, second] = [await workerPid(service, 1), await workerPid(service, 2)];
  process.kill(second, 'SIGSTOP');
  const ask32 = async (): Promise<void> => {
    const asked: Promise<unknown>[] = [];
    for (let nth = 0; nth < 32; nth++) {
      asked.push(get(service, '/pid'));
      // Those that ask at the same time have one answer.
      await get(service, '/livez');
    }
    await Promise.all(asked);
  };
  await ask32();
  await ask32();
  expect(JSON.parse((await get(service, '/pid')).text)).toEqual([first]);
  await service.line(/"worker":2,"question":"\/pid","reason":"64 requests not answered yet"/);
  process.kill(second, 'SIGCONT');
  await expect.poll(async () => JSON.parse((await get(service, '/pid')).text) as unknown).toEqual([first, second]);
});
