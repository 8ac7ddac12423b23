import { createLogger } from '@socklab/service';
import { captureLog } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { Reloads } from '../../src/run/reloads.ts';
import { startFixture } from '../process.ts';
import { ask, connected } from '../sockets.ts';

test('SIGHUP reloads the service, which serves on', async () => {
  await using service = startFixture('workers', []);
  const client = await connected({ port: await service.port() });
  service.child.kill('SIGHUP');
  expect(await service.log('reloaded')).toMatchObject({ level: 'info', durationMs: expect.any(Number) });
  expect(await ask(client, 'reloads')).toBe('1');
});

test('a reload that fails is logged, and the service serves on', async () => {
  await using service = startFixture('workers', [], { env: { FAIL_RELOAD: '1' } });
  const client = await connected({ port: await service.port() });
  service.child.kill('SIGHUP');
  expect(await service.log('reload failed: the previous settings stay')).toMatchObject({
    level: 'error',
    err: { message: 'the new certificate is broken' },
  });
  expect(await ask(client, 'still here')).toBe('still here');
});

test('a service that cannot reload ignores SIGHUP, and says so', async () => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  service.child.kill('SIGHUP');
  expect(await service.log('SIGHUP ignored')).toMatchObject({ level: 'info', reason: 'nothing to reload' });
  expect(await ask(client, 'still here')).toBe('still here');
});

test('SIGHUP before the service is up is ignored', async () => {
  await using service = startFixture('service', ['--start', 'until-aborted', '--admin', '127.0.0.1:0']);
  await service.log('starting');
  service.child.kill('SIGHUP');
  expect(await service.log('SIGHUP ignored')).toMatchObject({ reason: 'not up' });
  service.child.kill('SIGTERM');
  expect((await service.exit()).code).toBe(0);
});

test('what is asked for during a reload is one more reload, after it', async () => {
  const log = captureLog();
  const started: (() => void)[] = [];
  const service = {
    endpoints: [],
    drain: () => Promise.resolve(),
    reload: () => new Promise<boolean>((resolve) => started.push(() => resolve(true))),
  };
  const reloads = new Reloads(createLogger({ app: 'x', destination: log.destination }), () => service);
  const all = Promise.all([reloads.ask(), reloads.ask(), reloads.ask()]);
  expect(started).toHaveLength(1);
  started[0]?.();
  await expect.poll(() => started.length).toBe(2);
  started[1]?.();
  await all;
  expect(started).toHaveLength(2);
  void reloads.ask();
  expect(started).toHaveLength(3);
});

test('a reload that has said itself why nothing changed is not called done', async () => {
  const log = captureLog();
  const service = { endpoints: [], drain: () => Promise.resolve(), reload: () => Promise.resolve(false) };
  await new Reloads(createLogger({ app: 'x', destination: log.destination }), () => service).ask();
  expect(log.lines).toEqual([]);
});
