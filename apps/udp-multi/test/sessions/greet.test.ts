import { boundUdp, foreignPeer } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startClient, startServer } from '../start.ts';

const script = foreignPeer('script');
const nc = foreignPeer('nc');
const LESSON = ['--session', 'greet', '--reply', 'byebye', '--once'];

test('--once logs one datagram decoded, sends exactly the reply to its sender, and exits 0', async () => {
  await using server = await startServer(LESSON);
  await using peer = await boundUdp();
  await peer.send('你好', server.port);
  const { payload, peer: source } = await peer.next();
  expect(payload).toEqual(Buffer.from('byebye'));
  expect(source.port).toBe(server.port);
  expect(await server.program.log('datagram')).toMatchObject({ peer: `127.0.0.1:${peer.port}`, bytes: 6, text: '你好' });
  expect((await server.program.exit()).code).toBe(0);
});

test.skipIf(!script.available)('a one-shot client in another language gets the reply', async () => {
  await using server = await startServer(LESSON);
  await using client = script.udpOnce(server.port, '你好');
  expect(await client.nextRead()).toEqual(Buffer.from('byebye'));
  expect((await client.exit()).code).toBe(0);
  expect((await server.program.exit()).code).toBe(0);
  expect(await server.program.log('datagram')).toMatchObject({ text: '你好' });
});

test.skipIf(!nc.available)('nc gets the reply', async () => {
  await using server = await startServer(LESSON);
  await using client = nc.udpOnce(server.port, 'hello');
  await client.waitFor(/^byebye$/);
  expect((await server.program.exit()).code).toBe(0);
  expect(await server.program.log('datagram')).toMatchObject({ bytes: 5, text: 'hello' });
});

test('udp-multi send --say prints the reply and exits 0', async () => {
  await using server = await startServer(LESSON);
  await using client = startClient(server.port, ['--say', '你好']);
  expect(await client.exit()).toMatchObject({ code: 0, stdout: 'byebye\n', stderr: '' });
  expect((await server.program.exit()).code).toBe(0);
});

test('--once answers the first datagram only; the others are counted as closing', async () => {
  await using server = await startServer(LESSON);
  await using peer = await boundUdp();
  await Promise.all(['one', 'two', 'three'].map((text) => peer.send(text, server.port)));
  await server.program.exit();
  expect((await peer.next()).text).toBe('byebye');
  expect(peer.waiting).toBe(0);
  expect(server.program.logs('datagram')).toHaveLength(1);
  expect(await server.program.log('closed')).toMatchObject({ datagramsOut: 1 });
});

test('without --once it answers everybody', async () => {
  await using server = await startServer(['--session', 'greet']);
  await using one = await boundUdp();
  await using two = await boundUdp();
  for (const peer of [one, two, one]) {
    await peer.send('hi', server.port);
    expect((await peer.next()).text).toBe('byebye');
  }
});

test('bytes that are no UTF-8, and control characters, are logged escaped', async () => {
  await using server = await startServer(LESSON);
  await using peer = await boundUdp();
  await peer.send(Buffer.from([0xff, 0x1b, 0x5b, 0x32, 0x4a, 0x0a]), server.port);
  expect(await server.program.log('datagram')).toMatchObject({ text: String.raw`\xff\x1b[2J\n` });
  expect((await server.program.exit()).code).toBe(0);
});

test('of a flood it logs a hundred datagrams in a second, and how many others there were', async () => {
  await using server = await startServer(['--session', 'greet', '--rate-ip', 'off', '--loop-max', '0']);
  await using peer = await boundUdp();
  await Promise.all(Array.from({ length: 500 }, (_, nth) => peer.send(String(nth), server.port)));
  expect(await server.program.log('more datagrams')).toMatchObject({ level: 'info', heldBack: expect.any(Number) });
});
