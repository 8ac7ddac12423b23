import { randomBytes } from 'node:crypto';
import { boundUdp, foreignPeer } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startServer } from '../start.ts';

const script = foreignPeer('script');
const nc = foreignPeer('nc');

test('a datagram of any size from 0 to 65,507 bytes comes back as it was', async () => {
  await using server = await startServer();
  await using peer = await boundUdp();
  for (const bytes of [0, 1, 512, 1472, 1473, 9216, 65_506, 65_507]) {
    const payload = randomBytes(bytes);
    await peer.send(payload, server.port);
    expect((await peer.next()).payload.equals(payload), `${bytes} bytes`).toBe(true);
  }
});

test('over IPv6 65,527 bytes come back as they were', async () => {
  await using server = await startServer([], { host: '[::1]' });
  await using peer = await boundUdp('::1');
  const payload = randomBytes(65_527);
  await peer.send(payload, server.port);
  expect((await peer.next()).payload.equals(payload)).toBe(true);
});

test('boundaries are kept: two datagrams back to back are two answers', async () => {
  await using server = await startServer();
  await using peer = await boundUdp();
  await Promise.all([peer.send('hello', server.port), peer.send('alex', server.port)]);
  expect((await peer.next()).text).toBe('hello');
  expect((await peer.next()).text).toBe('alex');
});

test('32 peers at once each get their own datagrams back, and every datagram is accounted for', async () => {
  await using server = await startServer();
  const talk = async (name: number): Promise<void> => {
    await using peer = await boundUdp();
    for (let turn = 0; turn < 10; turn++) {
      const text = `peer ${name} turn ${turn}`;
      await peer.send(text, server.port);
      expect((await peer.next()).text).toBe(text);
    }
  };
  await Promise.all(Array.from({ length: 32 }, (_, name) => talk(name)));
  server.program.signal('SIGTERM');
  expect((await server.program.exit()).code).toBe(0);
  expect(await server.program.log('closed')).toMatchObject({ datagramsIn: 320, datagramsOut: 320, dropped: 0 });
});

test('never asks: it needs no standard input and ignores the quit word', async () => {
  await using server = await startServer([], { stdin: 'ignore' });
  await using peer = await boundUdp();
  await peer.send('q', server.port);
  expect((await peer.next()).text).toBe('q');
});

test('garbage is echoed like anything else and never shown', async () => {
  await using server = await startServer();
  await using peer = await boundUdp();
  const garbage = Buffer.from([0xff, 0x00, 0x1b, 0x5b, 0x32, 0x4a]);
  await peer.send(garbage, server.port);
  expect((await peer.next()).payload).toEqual(garbage);
  const { stdout, stderr } = server.program.output();
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
});

test.skipIf(!script.available)('a looping client in another language gets each line back', async () => {
  await using server = await startServer();
  await using client = script.udpClient(server.port);
  for (const text of ['你好', 'again']) {
    client.write(`${text}\n`);
    expect(await client.nextRead()).toEqual(Buffer.from(text));
  }
  client.write('q\n');
  expect((await client.exit()).code).toBe(0);
});

test.skipIf(!nc.available)('nc gets its bytes back', async () => {
  await using server = await startServer();
  await using client = nc.udpOnce(server.port, 'hello alex');
  await client.waitFor(/^hello alex$/);
});
