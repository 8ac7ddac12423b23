import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { bindUdp, parseEndpoint, udpType } from '@socklab/service';
import { expect, onTestFinished, test } from 'vitest';
import { startFixture } from '../process.ts';
import type { Socket } from 'node:dgram';

const udp = (text: string) => parseEndpoint(text, 'udp');
const portOf = (endpoint: string) => Number(/\d+$/.exec(endpoint)?.[0]);

function newSocket(text = 'udp://127.0.0.1:0', reusePort = false): Socket {
  const socket = createSocket({ type: udpType(udp(text)), reusePort });
  onTestFinished(() => void socket.close());
  return socket;
}

async function askDatagram(port: number): Promise<string> {
  const socket = newSocket();
  const answer = once(socket, 'message');
  socket.send('hello', port, '127.0.0.1');
  return String((await answer)[0]);
}

test.each(['udp://127.0.0.1:0', 'udp://[::1]:0', 'udp://localhost:0'])('%s binds, and reports the port the system chose', async (text) => {
  expect(await bindUdp(newSocket(text), udp(text))).toMatch(/^udp:\/\/(127\.0\.0\.1|\[::1\]):[1-9]\d*$/);
});

test('a port in use names the address, who holds it, and three ways out', async () => {
  await using holder = startFixture('holder', ['udp', 'udp://127.0.0.1:0']);
  const endpoint = await holder.line(/^udp:/);
  const socket = newSocket();
  const error: unknown = await bindUdp(socket, udp(endpoint)).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE', exitCode: 69, cause: { code: 'EADDRINUSE' } });
  expect((error as Error).message.split('\n')).toEqual([
    expect.stringMatching(
      new RegExp(`^address in use: ${endpoint} is held by process ${holder.pid}: .*holder\\.ts udp udp://127\\.0\\.0\\.1:0$`),
    ),
    `  stop it: kill ${holder.pid}`,
    '  choose another port with --listen; udp://127.0.0.1:0 takes a free one',
    '  share it: start both with --reuse-port',
  ]);
  expect(socket.listenerCount('error')).toBe(0);
});

test('the holder of an IPv6 wildcard is found too', async () => {
  await using holder = startFixture('holder', ['udp', 'udp://[::]:0']);
  const port = portOf(await holder.line(/^udp:/));
  await expect(bindUdp(newSocket(), udp(`udp://127.0.0.1:${port}`))).rejects.toThrow(`process ${holder.pid}:`);
});

test('a TCP listener on the same port is not in the way, nor named', async () => {
  await using holder = startFixture('holder', ['tcp', 'tcp://127.0.0.1:0']);
  const port = portOf(await holder.line(/^tcp:/));
  await expect(bindUdp(newSocket(), udp(`udp://127.0.0.1:${port}`))).resolves.toBe(`udp://127.0.0.1:${port}`);
});

test('two processes share a port when both say so', async () => {
  await using one = startFixture('holder', ['udp', 'udp://127.0.0.1:0', 'reuse-port']);
  const endpoint = await one.line(/^udp:/);
  await using two = startFixture('holder', ['udp', endpoint, 'reuse-port']);
  expect(await two.line(/^udp:/)).toBe(endpoint);
  const met = new Set<string>();
  for (let client = 0; client < 200 && met.size < 2; client += 1) met.add(await askDatagram(portOf(endpoint)));
  expect([...met].toSorted()).toEqual([String(one.pid), String(two.pid)].toSorted());
});

test.each([
  ['udp://203.0.113.9:0', 'this machine does not have that address (EADDRNOTAVAIL)'],
  ['udp://nowhere.invalid:0', /the host name does not resolve/],
  ['fd:99', 'it is not an inherited UDP socket'],
])('%s cannot be bound: one line says why', async (text, reason) => {
  const error: unknown = await bindUdp(newSocket(text), udp(text)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'SERVICE_ERR_LISTEN', exitCode: 1, message: expect.stringMatching(/^cannot listen on .*$/) });
  expect((error as Error).message).toMatch(reason);
});

test('an IPv6 address on a socket of the other family is one line too', async () => {
  await expect(bindUdp(newSocket('udp://127.0.0.1:0'), udp('udp://[::1]:0'))).rejects.toMatchObject({ code: 'SERVICE_ERR_LISTEN' });
});

test('a path is refused: Node.js has no unix datagram sockets', async () => {
  await expect(bindUdp(newSocket(), { kind: 'unix', path: '/run/x.sock' })).rejects.toMatchObject({ code: 'SERVICE_ERR_UNSUPPORTED' });
});
