import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { droppedAt } from '../../src/datagrams/trial/receive-buffer.ts';
import { datagramExchange, probeDatagrams } from '../../src/index.ts';
import type { DatagramProbeOptions } from '../../src/index.ts';
import type { Socket } from 'node:dgram';

/** A server that answers each datagram with so many of that size. */
async function talkative(answers: number, bytes: number): Promise<Socket> {
  const server = createSocket('udp4').bind(0, '127.0.0.1');
  server.on('message', (_, { port, address }) => {
    for (let part = 0; part < answers; part++) server.send(Buffer.alloc(bytes, part), port, address);
  });
  await once(server, 'listening');
  return server;
}

/** Few trials, one after the other, as the server is in this process. */
function options(server: Socket): DatagramProbeOptions {
  const exchange = datagramExchange([Buffer.from('hello')]);
  const target = `127.0.0.1:${server.address().port}`;
  return { target, exchange, plans: 'double', quietMs: 40, concurrency: 1, allowed: ['amplifies'] };
}

test('a burst of answers that the receive buffer of a system takes by default only in part is taken whole', async () => {
  const server = await talkative(300, 1000);
  const report = await probeDatagrams(options(server)).finally(() => server.close());
  expect([report.control.kind, report.control.answers.length]).toEqual(['ok', 300]);
});

test('more answers than are compared are said to be', async () => {
  const server = await talkative(5000, 1);
  const report = await probeDatagrams(options(server)).finally(() => server.close());
  expect(report.outcome).toBe('control-failed');
  expect(report.control.detail).toMatch(/more than 4096 datagrams or 16777216 bytes came|no room in the receive buffer of this system/);
});

test('a server that never falls silent fails the control, and is said to', async () => {
  const server = createSocket('udp4').bind(0, '127.0.0.1');
  let timer: NodeJS.Timeout | undefined;
  server.on('message', (_, { port, address }) => {
    timer ??= setInterval(() => server.send('tick', port, address), 1);
  });
  await once(server, 'listening');
  const report = await probeDatagrams({ ...options(server), quietMs: 5 });
  clearInterval(timer);
  server.close();
  expect(report.control).toMatchObject({ kind: 'failed', detail: expect.stringContaining('came on and on, without a silence of 5 ms') });
});

test.runIf(process.platform === 'linux')('what a receive buffer has no room for is counted', async () => {
  const small = createSocket({ type: 'udp4', recvBufferSize: 1 }).bind(0, '127.0.0.1');
  await once(small, 'listening');
  const { port } = small.address();
  expect(droppedAt(port, 4)).toBe(0);
  const sender = createSocket('udp4');
  // Over loopback each has arrived, or was dropped, when its call returns; one always fits.
  for (let sent = 0; sent < 3; sent++) await new Promise((resolve) => sender.send(Buffer.alloc(1000), port, '127.0.0.1', resolve));
  expect(droppedAt(port, 4)).toBe(2);
  for (const socket of [small, sender]) socket.close();
});

test('a server with many answers is asked by fewer at once, so that they do not all come together', async () => {
  const server = createSocket('udp4').bind(0, '127.0.0.1');
  server.on('message', (bytes, { port, address }) => {
    for (let part = 0; part < 60; part++) server.send(`${part} ${bytes.toString()}`, port, address);
  });
  await once(server, 'listening');
  try {
    const report = await probeDatagrams({
      target: `127.0.0.1:${server.address().port}`,
      exchange: datagramExchange([Buffer.from('hello {{trial}}')]),
      plans: 'double',
      quietMs: 40,
      concurrency: 100,
      allowed: ['amplifies'],
    });
    expect(report).toMatchObject({ outcome: 'pass', concurrency: 33 });
    expect(report.notes).toContain('an exchange has many answers, and at most 2000 are awaited at once; 33 at once were tried');
  } finally {
    server.close();
  }
});
