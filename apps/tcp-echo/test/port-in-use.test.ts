import { once } from 'node:events';
import { connectTo, readAll, receive, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startEcho } from './start.ts';

test('a second server on the port names the address, its holder and three ways out, and exits 69', async () => {
  await using first = await startEcho();
  await using second = startProgram('tcp-echo', ['--listen', `tcp://127.0.0.1:${first.port}`]);
  const { code, stderr, stdout } = await second.exit();
  expect(code).toBe(69);
  expect(stderr).toContain(`tcp://127.0.0.1:${first.port}`);
  expect(stderr).toContain(`${first.program.pid}`);
  expect(stderr).toContain('node');
  expect(stderr).toContain('--listen');
  expect(stderr).toContain('--reuse-port');
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stdout).toBe('');
  const client = await connectTo(first.port);
  client.write('still here');
  expect((await receive(client, 10)).toString()).toBe('still here');
  client.destroy();
});

test('a restart right after a client left binds at once, though the port is in TIME_WAIT', async () => {
  const first = await startEcho(['--session', 'greet', '--once']);
  const client = await connectTo(first.port);
  // The server closes first, so the TIME_WAIT is on its side of the connection.
  client.write('hi');
  await readAll(client);
  client.end();
  await once(client, 'close');
  await first.program.exit();
  await using second = startProgram('tcp-echo', ['--listen', `tcp://127.0.0.1:${first.port}`]);
  await second.log('listening');
});

test.skipIf(process.platform !== 'linux')('--reuse-port lets two processes share the port', async () => {
  await using first = await startEcho(['--reuse-port']);
  await using second = startProgram('tcp-echo', ['--listen', `tcp://127.0.0.1:${first.port}`, '--reuse-port']);
  await second.log('listening');
  // The kernel spreads by address and port: of 64 connections both get some (all to one: a chance of 2^-63).
  for (let index = 0; index < 64; index++) {
    const client = await connectTo(first.port);
    client.end('x');
    await readAll(client);
  }
  first.program.signal('SIGTERM');
  second.signal('SIGTERM');
  await Promise.all([first.program.exit(), second.exit()]);
  const served = [first.program, second].map((program) => program.logs('connection accepted').length);
  expect(served[0]! + served[1]!).toBe(64);
  expect(Math.min(...served)).toBeGreaterThan(0);
});
