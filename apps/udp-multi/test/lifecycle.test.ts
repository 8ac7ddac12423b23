import { boundUdp, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startServer } from './start.ts';

test.each(['SIGTERM', 'SIGINT'] as const)('%s drains, tells the totals and exits 0', async (signal) => {
  await using server = await startServer();
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  await peer.next();
  server.program.signal(signal);
  expect(await server.program.exit()).toMatchObject({ code: 0, stderr: '' });
  expect(await server.program.log('closed')).toMatchObject({ datagramsIn: 1, datagramsOut: 1, bytesIn: 5, bytesOut: 5, dropped: 0 });
  // The port is free again.
  await using next = startProgram('udp-multi', ['--listen', `udp://127.0.0.1:${server.port}`]);
  await next.log('listening');
});

test('a parent is told the endpoints, and is not outlived', async () => {
  await using program = startProgram('udp-multi', ['--listen', 'udp://127.0.0.1:0'], { ipc: true });
  const { endpoints } = await program.log('listening');
  expect(await program.message()).toEqual({ type: 'ready', endpoints });
  program.disconnect();
  expect(await program.log('drained')).toMatchObject({ reason: 'parent gone' });
  expect((await program.exit()).code).toBe(0);
});

test('the admin endpoint is ready and counts what passes', async () => {
  await using server = await startServer(['--admin', '127.0.0.1:0']);
  const { endpoint } = await server.program.log('admin listening');
  const admin = String(endpoint).replace('tcp:', 'http:');
  await using peer = await boundUdp();
  await peer.send('12345', server.port);
  await peer.next();
  const metrics = await (await fetch(`${admin}/metrics`)).text();
  expect(metrics).toMatch(/^socklab_udp_multi_datagrams_received_total 1$/m);
  expect(metrics).toMatch(/^socklab_udp_multi_datagrams_sent_total 1$/m);
  expect(metrics).toMatch(/^socklab_udp_multi_received_bytes_total 5$/m);
  expect(metrics).toMatch(/^socklab_udp_multi_sent_bytes_total 5$/m);
  expect(metrics).toMatch(/^socklab_udp_multi_datagrams_dropped_total\{reason="source-port-low"\} 0$/m);
  expect(await (await fetch(`${admin}/version`)).json()).toMatchObject({ name: 'udp-multi' });
  expect((await fetch(`${admin}/readyz`)).status).toBe(200);
});

test('--version and --help answer on standard output and exit 0', async () => {
  await using version = startProgram('udp-multi', ['--version']);
  expect(await version.exit()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  await using help = startProgram('udp-multi', ['send', '--help']);
  expect(await help.exit()).toMatchObject({ code: 0, stdout: expect.stringContaining('--say') });
});
