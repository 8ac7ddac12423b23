import { once } from 'node:events';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { closed, readAll, receive, socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { READ_BYTES, readStatically } from '../../src/connection/static-read.ts';
import { linkServer, Recorder, turnUntil } from './links.ts';

const unread = { server: { allowHalfOpen: true, pauseOnConnect: true } };

/** Takes a connection over, and notes each read with the memory it went to. */
async function takeOver(keepsReading: () => boolean = () => true) {
  const pair = await socketPair(unread);
  const reads: { text: string; memory: Buffer }[] = [];
  const taken = readStatically(
    pair.server,
    (byteLength, memory) => {
      reads.push({ text: memory.toString('latin1', 0, byteLength), memory });
      return keepsReading();
    },
    1024,
  );
  return { ...pair, taken: taken!, reads, text: () => reads.map(({ text }) => text).join('') };
}

test('every read of every connection goes to one memory of 64 KiB', async () => {
  const first = await takeOver();
  const second = await takeOver();
  for (const { taken, client, text } of [first, second]) {
    taken.resume();
    client.write('hello');
    await turnUntil(() => text() === 'hello');
  }
  expect(first.reads[0]!.memory).toBe(second.reads[0]!.memory);
  expect(first.reads[0]!.memory.length).toBe(READ_BYTES);
  for (const { taken, client } of [first, second]) {
    taken.destroy();
    client.destroy();
  }
});

test('false stops reading until resume, and no byte is lost', async () => {
  let isReading = false;
  const { taken, client, reads, text } = await takeOver(() => isReading);
  taken.resume();
  client.end('x'.repeat(300_000));
  await turnUntil(() => reads.length === 1);
  const other = await takeOver();
  other.taken.resume();
  other.client.write('a round of the event loop');
  await turnUntil(() => other.reads.length > 0);
  expect(reads).toHaveLength(1);
  isReading = true;
  const ended = once(taken, 'end');
  taken.resume();
  await ended;
  expect(text().length).toBe(300_000);
  for (const socket of [taken, client, other.taken, other.client]) socket.destroy();
});

test('writing, counters, addresses and half-open are those of any socket', async () => {
  const { taken, client } = await takeOver();
  taken.resume();
  const ended = once(taken, 'end');
  client.end('12345');
  await ended;
  expect(taken.bytesRead).toBe(5);
  expect(taken.remotePort).toBe(client.localPort);
  expect(taken.writableHighWaterMark).toBe(1024);
  taken.end('still answered');
  expect((await readAll(client)).toString()).toBe('still answered');
  expect(taken.bytesWritten).toBe(14);
  expect(await closed(taken)).toBeUndefined();
});

test('the accepted socket is spent, and no longer counts for its server', async () => {
  await using server = await linkServer();
  await using pair = await server.open(new Recorder());
  expect(pair.link.isStatic).toBe(true);
  const open = await new Promise((resolve) => server.server.getConnections((_error, count) => resolve(count)));
  expect(open).toBe(0);
  expect(pair.link.socket.destroyed).toBe(false);
});

test.each<[string, (accepted: Socket) => Socket]>([
  [
    'with bytes pushed back',
    (accepted) => {
      accepted.unshift(Buffer.from('pushed back'));
      return accepted;
    },
  ],
  ['of TLS', (accepted) => new TLSSocket(accepted, { isServer: true })],
  ['that is of no connection', () => new Socket()],
  ['whose handle cannot read so', (accepted) => Object.assign(new Socket(), { _handle: Object.create(null, {}), accepted })],
])('a socket %s is left as it is', async (_, make) => {
  await using pair = await socketPair(unread);
  expect(readStatically(make(pair.server), () => true, 1024)).toBeUndefined();
  expect(pair.server.destroyed).toBe(false);
});

test('a socket that was left as it is reads what was pushed back, and what follows', async () => {
  await using pair = await socketPair(unread);
  pair.server.unshift(Buffer.from('pushed back '));
  expect(readStatically(pair.server, () => true, 1024)).toBeUndefined();
  pair.client.end('and sent');
  expect((await receive(pair.server, 20)).toString()).toBe('pushed back and sent');
});
