import { connectTo, readAll, receive, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startEcho } from './start.ts';

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops accepting, ends the connections and exits 0', async (signal) => {
  await using echo = await startEcho();
  const client = await connectTo(echo.port, { allowHalfOpen: true });
  client.write('before');
  expect((await receive(client, 6)).toString()).toBe('before');
  echo.program.signal(signal);
  expect((await readAll(client)).length).toBe(0);
  await expect(connectTo(echo.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  client.end();
  expect((await echo.program.exit()).code).toBe(0);
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'drain' });
});

test('a client that does not end its side is cut after the drain timeout, exit 0', async () => {
  await using echo = await startEcho(['--drain-timeout', '50ms']);
  const client = await connectTo(echo.port, { allowHalfOpen: true });
  client.write('x');
  await receive(client, 1);
  echo.program.signal('SIGTERM');
  expect((await echo.program.exit()).code).toBe(0);
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'drain-timeout' });
  client.destroy();
});

test('a second signal ends at once', async () => {
  await using echo = await startEcho(['--drain-timeout', '10m']);
  const client = await connectTo(echo.port, { allowHalfOpen: true });
  client.write('x');
  await receive(client, 1);
  client.pause();
  echo.program.signal('SIGTERM');
  await echo.program.log('draining');
  echo.program.signal('SIGTERM');
  expect((await echo.program.exit()).code).toBe(1);
  client.destroy();
});

test('the admin endpoint answers, and counts by reason', async () => {
  await using echo = await startEcho(['--admin', '127.0.0.1:0']);
  const { endpoint } = await echo.program.log('admin listening');
  const admin = String(endpoint).replace('tcp:', 'http:');
  const client = await connectTo(echo.port);
  client.end('12345');
  await readAll(client);
  await echo.program.log('connection closed');
  const metrics = await (await fetch(`${admin}/metrics`)).text();
  expect(metrics).toMatch(/^socklab_tcp_echo_connections_total 1$/m);
  expect(metrics).toMatch(/^socklab_tcp_echo_connections_closed_total\{reason="peer-ended"\} 1$/m);
  expect(metrics).toMatch(/^socklab_tcp_echo_received_bytes_total 5$/m);
  expect(await (await fetch(`${admin}/version`)).json()).toMatchObject({ name: 'tcp-echo' });
  expect((await fetch(`${admin}/readyz`)).status).toBe(200);
});

test('--once with --framing serves whole messages to one client and exits 0', async () => {
  await using echo = await startEcho(['--once', '--framing', 'line']);
  const client = await connectTo(echo.port);
  client.end('one\r\ntwo\n');
  expect((await readAll(client)).toString()).toBe('one\ntwo\n');
  expect((await echo.program.exit()).code).toBe(0);
});

test('--version and --help answer on standard output and exit 0', async () => {
  await using version = startProgram('tcp-echo', ['--version']);
  expect(await version.exit()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  await using help = startProgram('tcp-echo', ['connect', '--help']);
  expect(await help.exit()).toMatchObject({ code: 0, stdout: expect.stringContaining('--say') });
});
