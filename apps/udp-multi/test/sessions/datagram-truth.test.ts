import { networkInterfaces } from 'node:os';
import { boundUdp, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { scrape } from '../scrape.ts';
import { startServer } from '../start.ts';

test('--truncate-at takes the first bytes, as recvfrom with a short buffer, and says so', async () => {
  await using server = await startServer(['--truncate-at', '4', '--admin', '127.0.0.1:0']);
  await using peer = await boundUdp();
  await peer.send('four', server.port);
  await peer.send('fives', server.port);
  expect([(await peer.next()).text, (await peer.next()).text]).toEqual(['four', 'five']);
  expect(await server.program.log('datagram truncated: the rest is gone')).toMatchObject({ level: 'warn', bytes: 5, keptBytes: 4 });
  expect(await scrape(server.program)).toMatchObject({ truncated_total: 1, received_bytes_total: 9, sent_bytes_total: 8 });
});

test('a datagram longer than --max-datagram is dropped', async () => {
  await using server = await startServer(['--max-datagram', '4']);
  await using peer = await boundUdp();
  await peer.send('fives', server.port);
  await peer.send('four', server.port);
  expect((await peer.next()).text).toBe('four');
  expect(await server.program.log('datagram dropped')).toMatchObject({ reason: 'too-long' });
});

test('--recv-buffer tells what was asked and what the system gave', async () => {
  await using server = await startServer(['--recv-buffer', '64KiB']);
  const { askedBytes, givenBytes } = await server.program.log('receive buffer');
  expect(askedBytes).toBe(65_536);
  expect(givenBytes).toBeGreaterThan(0);
});

test('--each-interface answers from the address that was asked, on one port', async () => {
  await using program = startProgram('udp-multi', ['--listen', 'udp://0.0.0.0:0', '--each-interface']);
  const endpoints = (await program.log('listening'))['endpoints'] as string[];
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family }) => family === 'IPv4');
  expect(endpoints).toHaveLength(new Set(addresses.map(({ address }) => address)).size);
  const ports = new Set(endpoints.map((endpoint) => Number(/:(\d+)$/.exec(endpoint)?.[1])));
  expect(ports.size).toBe(1);
  const [port = 0] = ports;
  await using peer = await boundUdp();
  await peer.send('hello', port);
  expect((await peer.next()).peer.address).toBe('127.0.0.1');
});

test('--framing: several messages in one datagram come back, a cut one is dropped alone', async () => {
  await using server = await startServer(['--framing', 'u16be', '--admin', '127.0.0.1:0']);
  await using peer = await boundUdp();
  const whole = Buffer.from('\0\x03one\0\x03two');
  await peer.send(whole, server.port);
  await peer.send(whole.subarray(0, 9), server.port);
  await peer.send(whole, server.port);
  expect((await peer.next()).payload).toEqual(whole);
  expect((await peer.next()).payload).toEqual(whole);
  expect(await scrape(server.program)).toMatchObject({ messages_received_total: 4, 'datagrams_dropped_total{reason="malformed"}': 1 });
});

test('--framing: greet and operator read and answer messages', async () => {
  await using server = await startServer(['--framing', 'u8', '--session', 'greet', '--reply', 'hello']);
  await using peer = await boundUdp();
  await peer.send('\x03one\x03two', server.port);
  expect((await peer.next()).text).toBe('\x05hello');
  expect(await server.program.log('datagram')).toMatchObject({ messages: 2, text: 'one two' });
  await using console = await startServer(['--framing', 'u8', '--session', 'operator']);
  await peer.send('\x03one\x03two', console.port);
  await console.program.line(/ : one$/);
  await console.program.line(/ : two$/);
  console.program.write('both heard\n');
  expect((await peer.next()).text).toBe('\x0aboth heard');
});

test('--session discard takes everything and says nothing', async () => {
  await using server = await startServer(['--session', 'discard', '--admin', '127.0.0.1:0']);
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  server.program.signal('SIGTERM');
  await server.program.exit();
  expect(await server.program.log('closed')).toMatchObject({ datagramsIn: 1, datagramsOut: 0, dropped: 0 });
  expect(peer.waiting).toBe(0);
});
