import { expect, test } from 'vitest';
import { startFixture } from '../process.ts';
import { ask, connected } from '../sockets.ts';
import type { Fixture } from '../process.ts';

async function readiness(service: Fixture): Promise<string> {
  const { endpoint } = await service.log('admin listening');
  const response = await fetch(`${String(endpoint).replace('tcp:', 'http:')}/readyz`, { headers: { connection: 'close' } });
  return `${response.status} ${await response.text()}`;
}

/** Milliseconds since 1970 of a log line. */
const timeOf = ({ time }: Record<string, unknown>): number => Date.parse(String(time));

test.each(['1', '2'])('with %s process: goes on accepting for the drain delay, not ready, then drains', async (workers) => {
  await using service = startFixture('workers', ['--workers', workers, '--admin', '127.0.0.1:0', '--drain-delay', '500ms']);
  const port = await service.port();
  expect(await readiness(service)).toBe('200 ready');
  service.child.kill('SIGTERM');
  const signalled = await service.log('not ready; still accepting');
  expect(signalled).toMatchObject({ reason: 'SIGTERM', drainDelayMs: 500 });
  expect(await readiness(service)).toBe('503 draining');
  const late = await connected({ port });
  expect(await ask(late, 'still accepted')).toBe('still accepted');
  const draining = await service.log('draining');
  expect(timeOf(draining) - timeOf(signalled)).toBeGreaterThanOrEqual(499);
  late.end();
  expect((await service.exit()).code).toBe(0);
});

/** Milliseconds from SIGTERM until /readyz says that the service is not ready, by a service that has a connection open. */
async function untilNotReady(): Promise<number> {
  await using service = startFixture('workers', ['--admin', '127.0.0.1:0']);
  await connected({ port: await service.port() });
  await readiness(service);
  const signalledAt = performance.now();
  service.child.kill('SIGTERM');
  while ((await readiness(service)) !== '503 draining');
  return performance.now() - signalledAt;
}

test('is not ready within 50 ms of SIGTERM', async () => {
  // A busy machine makes one run slow, not each of them: the quickest shows what the service itself takes.
  let quickest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5 && quickest > 50; run += 1) quickest = Math.min(quickest, await untilNotReady());
  expect(quickest).toBeLessThanOrEqual(50);
});

test('a second signal during the drain delay ends at once', async () => {
  await using service = startFixture('workers', ['--drain-delay', '1h']);
  await service.port();
  service.child.kill('SIGTERM');
  await service.log('not ready; still accepting');
  service.child.kill('SIGTERM');
  expect((await service.exit()).code).toBe(1);
});

test('a service that finishes meanwhile does not wait for the end of the delay', async () => {
  await using service = startFixture('workers', ['--drain-delay', '1h']);
  const client = await connected({ port: await service.port() });
  service.child.kill('SIGTERM');
  await service.log('not ready; still accepting');
  client.end('finish\n');
  expect((await service.exit()).code).toBe(0);
  expect(await service.log('drained')).toMatchObject({ reason: 'SIGTERM' });
});

test('there is no delay before anything was accepted, nor for a service that finishes', async () => {
  await using starting = startFixture('workers', ['--admin', '127.0.0.1:0', '--drain-delay', '1h', '--start', 'wait']);
  await starting.log('starting');
  starting.child.kill('SIGTERM');
  expect((await starting.exit()).code).toBe(0);
  await using finishing = startFixture('workers', ['--drain-delay', '1h']);
  const client = await connected({ port: await finishing.port() });
  client.end('finish\n');
  expect((await finishing.exit()).code).toBe(0);
});
