import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { boundUdp, nextDatagram } from '../src/index.ts';

test('keeps what came before it is asked for, in order, with the sender', async () => {
  await using one = await boundUdp();
  await using other = await boundUdp();
  let came = 0;
  const allCame = new Promise<void>((resolve) => other.socket.on('message', () => ++came === 3 && resolve()));
  await one.send('hello', other.port);
  await one.send(new Uint8Array([0xff]), other.port);
  await one.send('', other.port);
  await allCame;
  expect(other.waiting).toBe(3);
  const first = await other.next();
  expect(first).toMatchObject({ text: 'hello', peer: { address: '127.0.0.1', port: one.port } });
  expect((await other.next()).payload).toEqual(Buffer.from([0xff]));
  expect((await other.next()).payload).toHaveLength(0);
  expect(other.waiting).toBe(0);
});

test('speaks IPv6 when bound to an IPv6 address', async () => {
  await using one = await boundUdp('::1');
  await one.send('hello', one.port);
  expect((await one.next()).peer.address).toBe('::1');
});

test('nextDatagram loses nothing between two calls on any socket', async () => {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  const first = nextDatagram(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  await using sender = await boundUdp();
  for (const text of ['one', 'two', 'three']) await sender.send(text, socket.address().port);
  expect((await first).text).toBe('one');
  expect((await nextDatagram(socket)).text).toBe('two');
  expect((await nextDatagram(socket)).text).toBe('three');
});

test('rejects when the socket is closed, and closes twice without harm', async () => {
  const udp = await boundUdp();
  const settled = Promise.allSettled([udp.next()]);
  await udp.close();
  await udp.close();
  expect(String(((await settled)[0] as PromiseRejectedResult).reason)).toContain('waited for a datagram, but the socket was closed');
});

test('send rejects with the code of the system', async () => {
  await using udp = await boundUdp();
  await expect(udp.send(new Uint8Array(65_508), udp.port)).rejects.toMatchObject({ code: 'EMSGSIZE' });
});
