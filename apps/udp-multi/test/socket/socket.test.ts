import { boundUdp } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { isListed } from '../../src/socket/inherited.ts';
import { openSocket } from '../../src/socket/socket.ts';
import type { UdpSocket } from '../../src/socket/socket.ts';

const LOOPBACK = { kind: 'ip', host: '127.0.0.1', port: 0 } as const;
const PEER = { address: '127.0.0.1', port: 40_000, family: 'IPv4' } as const;

function open(): Promise<UdpSocket> {
  return openSocket(LOOPBACK, { reusePort: false, onDatagram: () => undefined, onError: () => undefined });
}

test('an answer that the system refuses is settled with its error, and the socket goes on', async () => {
  const socket = await open();
  const refused = Promise.withResolvers<Error | null>();
  // Broadcast needs a permission that this socket never asks for.
  expect(socket.send(Buffer.from('x'), { ...PEER, address: '255.255.255.255' }, refused.resolve)).toBe(true);
  expect(await refused.promise).toMatchObject({ code: 'EACCES' });
  await using peer = await boundUdp();
  socket.send(Buffer.from('hello'), { ...PEER, port: peer.port }, () => undefined);
  expect((await peer.next()).text).toBe('hello');
  await socket.close();
});

test('no more than 1024 datagrams are on their way at a time', async () => {
  const socket = await open();
  await using peer = await boundUdp();
  let settled = 0;
  const send = (): boolean => socket.send(Buffer.alloc(1), { ...PEER, port: peer.port }, () => (settled += 1));
  for (let index = 0; index < 1024; index++) expect(send()).toBe(true);
  expect(send()).toBe(false);
  await socket.flush(new AbortController().signal);
  expect(settled).toBe(1024);
  expect(send()).toBe(true);
  await socket.flush(new AbortController().signal);
  await socket.close();
});

test('flush ends when its signal aborts', async () => {
  const socket = await open();
  const cut = new AbortController();
  let settled = false;
  socket.send(Buffer.alloc(1), PEER, () => (settled = true));
  const flushed = socket.flush(cut.signal);
  cut.abort();
  await flushed;
  expect(settled).toBe(false);
  await socket.close();
});

test('an inherited socket is found in /proc/net/udp6 by its inode', () => {
  const table = [
    '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
    ' 1045: 00000000000000000000000001000000:A0A0 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 14483 2 0000000000000000 0',
  ].join('\n');
  expect(isListed(table, '14483')).toBe(true);
  expect(isListed(table, '1448')).toBe(false);
  expect(isListed('', '14483')).toBe(false);
});
