import { randomBytes } from 'node:crypto';
import { hello, join, probe, say } from '@socklab/client/room';
import { boundUdp } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { scrape } from '../scrape.ts';
import { startServer } from '../start.ts';

/** Off loopback nobody is trusted; these tests are on loopback, so they say so. */
const STRANGER = ['--trust', 'none', '--rate-ip', 'off', '--rate-prefix', 'off', '--admin', '127.0.0.1:0'];

/** A number that follows from its index alone, so that a failure can be repeated. */
const pick = (index: number, below: number): number => Math.trunc(Math.abs(Math.sin(index) * 1e6)) % below;

function fuzzed(index: number): Uint8Array {
  const seeds = [
    hello.encode(new Uint8Array(16)),
    join.encode(randomBytes(16)),
    say.encode(Buffer.from('hi')),
    probe.encode({ header: { sequence: index, timestamp: index }, payload: randomBytes(pick(index, 40)) }),
    randomBytes(pick(index, 300)),
    Buffer.from('text\nmore text\n'),
  ];
  const seed = Buffer.from(seeds[index % seeds.length]!);
  if (index % 3 === 1 && seed.length > 0) seed[pick(index + 1, seed.length)]! ^= 1 << pick(index + 2, 8);
  return index % 5 === 2 ? seed.subarray(0, pick(index + 3, seed.length + 1)) : seed;
}

test.each([
  ['echo', []],
  ['echo, two of everything', ['--dup', '100%', '--delay', '1ms±1ms', '--reorder', '50%']],
  ['echo of lines', ['--framing', 'line']],
  ['ack', ['--session', 'ack']],
  ['greet', ['--session', 'greet', '--reply', 'a longer answer than most questions']],
  ['discard', ['--session', 'discard']],
  ['the room', ['--topology', 'many-to-many']],
])('%s: a stranger never gets more bytes than it sent, whatever it sends', async (_, args) => {
  await using server = await startServer([...args, ...STRANGER]);
  await using peer = await boundUdp();
  let received = 0;
  let sent = 0;
  peer.socket.on('message', (payload) => {
    received += payload.length;
    expect(received).toBeLessThanOrEqual(sent);
  });
  for (let index = 0; index < 600; index++) {
    const payload = fuzzed(index);
    sent += payload.length;
    await peer.send(payload, server.port);
  }
  server.program.signal('SIGTERM');
  expect((await server.program.exit()).code).toBe(0);
  const { bytesIn, bytesOut, datagramsIn } = await server.program.log('closed');
  expect(Number(bytesOut)).toBeLessThanOrEqual(Number(bytesIn));
  expect(Number(datagramsIn)).toBeGreaterThan(0);
});

test('an answer longer than the datagram is dropped as amplification, and one of its length is sent', async () => {
  await using server = await startServer(['--session', 'greet', '--reply', 'byebye', ...STRANGER]);
  await using peer = await boundUdp();
  await peer.send('hi', server.port);
  await server.program.log('datagram dropped', { where: ({ reason }) => reason === 'amplification' });
  await peer.send('hello!', server.port);
  expect((await peer.next()).text).toBe('byebye');
  expect(peer.waiting).toBe(0);
  expect(await scrape(server.program)).toMatchObject({ 'datagrams_dropped_total{reason="amplification"}': 1, datagrams_sent_total: 1 });
});

test('the operator is told that an answer is too long for a stranger, and asked again', async () => {
  await using server = await startServer(['--session', 'operator', '--trust', 'none']);
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  server.program.write('far too long\nshort\n');
  expect((await peer.next()).text).toBe('short');
  await server.program.line(/an answer of 12 bytes is longer than what it answers, and the address is not proven: at most 5 bytes/);
});

test('--trust any is told in the log', async () => {
  await using server = await startServer(['--trust', 'any']);
  expect(JSON.stringify(await server.program.log('every address counts as proven: a forged one makes this service send to it'))).toContain(
    'warn',
  );
});

test('over its rate a stranger is not answered, and every datagram is explained', async () => {
  await using server = await startServer(['--trust', 'none', '--rate-ip', '10/h', '--admin', '127.0.0.1:0']);
  await using peer = await boundUdp();
  for (let index = 0; index < 5; index++) await peer.send(`number ${index}`, server.port);
  expect((await peer.next()).text).toBe('number 0');
  const metrics = await scrape(server.program);
  expect(metrics).toMatchObject({ datagrams_received_total: 5, datagrams_sent_total: 1, 'datagrams_dropped_total{reason="rate-ip"}': 4 });
});

test('an address that is denied gets nothing', async () => {
  await using server = await startServer(['--deny', '127.0.0.2']);
  await using peer = await boundUdp('127.0.0.2');
  const { port } = server;
  peer.socket.send('hello', port, '127.0.0.1');
  expect(await server.program.log('datagram dropped')).toMatchObject({ reason: 'denied', peer: `127.0.0.2:${peer.port}` });
});
