import { closed, readAll, receive } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import type { Socket } from 'node:net';
import { Echo, Recorder, linkServer, patternOf, turnUntil } from './links.ts';

/** Both ways to read: they must not differ but in what they cost. */
describe.each([
  ['from one memory', true],
  ['by public API', false],
] as const)('a link that reads %s', (_, staticRead) => {
  const options = { staticRead };

  test('says which way it reads', async () => {
    await using server = await linkServer();
    await using pair = await server.open(new Recorder(), options);
    expect(pair.link.isStatic).toBe(staticRead);
  });

  test('hands on the same bytes, cut at every place', async () => {
    await using server = await linkServer();
    const echo = new Echo();
    await using pair = await server.open(echo, options);
    pair.link.read();
    const bytes = patternOf(1, 40);
    for (let cut = 0; cut <= bytes.length; cut++) {
      pair.client.write(bytes.subarray(0, cut));
      const first = await receive(pair.client, cut);
      pair.client.write(bytes.subarray(cut));
      expect(Buffer.concat([first, await receive(pair.client, bytes.length - cut)])).toEqual(bytes);
    }
  });

  test('answers a peer that has ended its side', async () => {
    await using server = await linkServer();
    const reader = new Recorder();
    await using pair = await server.open(reader, options);
    pair.link.read();
    pair.client.end('hi');
    await reader.until(() => reader.endedTimes === 1);
    expect({ text: reader.text, hasEnded: pair.link.hasEnded }).toEqual({ text: 'hi', hasEnded: true });
    pair.link.write(Buffer.from('answer and more'), 6);
    pair.link.send(Buffer.from('!'));
    pair.link.end();
    expect((await readAll(pair.client)).toString()).toBe('answer!');
    await reader.until(() => reader.ends.length > 0);
    expect(reader.ends).toEqual([undefined]);
  });

  test('holds what comes before anybody reads, and hands it out within read', async () => {
    await using server = await linkServer();
    const reader = new Recorder();
    await using pair = await server.open(reader, options);
    pair.client.end('said early');
    await reader.until(() => reader.endedTimes === 1);
    expect(reader.chunks).toEqual([]);
    pair.link.read();
    expect({ text: reader.text, ended: reader.endedTimes }).toEqual({ text: 'said early', ended: 2 });
  });

  test('holds no more than it may and two reads, and loses nothing of the rest', async () => {
    await using server = await linkServer('unix');
    const reader = new Recorder();
    await using pair = await server.open(reader, { ...options, holdBytes: 1000 });
    const bytes = patternOf(2, 2 * 1024 * 1024);
    pair.client.end(bytes);
    await turnUntil(() => pair.link.socket.bytesRead >= 1000);
    // A second connection is served all the while: what the first could take, it has taken.
    await using other = await server.open(new Echo(), options);
    other.link.read();
    for (let round = 0; round < 20; round++) {
      other.client.write('x');
      await receive(other.client, 1);
    }
    expect(pair.link.socket.bytesRead).toBeLessThanOrEqual(1000 + 2 * 65_536);
    pair.link.read();
    await reader.until(() => reader.endedTimes === 1);
    expect(Buffer.concat(reader.chunks).equals(bytes)).toBe(true);
  });

  test.each([1, 4096, 1_048_576])(
    'does not read a peer that leaves %i bytes to send, and reads on once they are taken',
    async (maxPendingBytes) => {
      await using server = await linkServer('unix');
      const echo = new Echo();
      await using pair = await server.open(echo, { ...options, maxPendingBytes });
      pair.link.read();
      const bytes = patternOf(3, 8 * 1024 * 1024);
      pair.client.end(bytes);
      await turnUntil(() => pair.link.pendingBytes >= maxPendingBytes);
      await using other = await server.open(new Echo(), options);
      other.link.read();
      for (let round = 0; round < 50; round++) {
        other.client.write('x');
        await receive(other.client, 1);
      }
      expect(echo.mostPending).toBeLessThanOrEqual(Math.max(maxPendingBytes, 65_536) + 65_536);
      expect(pair.link.socket.bytesRead).toBeLessThan(4 * 1024 * 1024);
      expect((await readAll(pair.client)).equals(bytes)).toBe(true);
      expect(echo.drainedTimes).toBeGreaterThan(0);
    },
  );

  test.each(['holding', 'reading', 'stopped'])('tells of a reset while it is %s, once, with its error', async (state) => {
    await using server = await linkServer();
    const reader = new Recorder();
    await using pair = await server.open(reader, options);
    if (state !== 'holding') pair.link.read();
    if (state === 'stopped') pair.link.stop();
    pair.client.resetAndDestroy();
    await reader.until(() => reader.ends.length > 0);
    expect(reader.ends).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
    expect(pair.link.write(Buffer.from('x'), 1)).toBe(false);
    expect(pair.link.send(Buffer.from('x'))).toBe(false);
  });

  test('tells of a reset while bytes are left to send', async () => {
    await using server = await linkServer();
    const reader = new Recorder();
    await using pair = await server.open(reader, options);
    pair.link.read();
    while (pair.link.send(Buffer.alloc(65_536)));
    pair.client.resetAndDestroy();
    await reader.until(() => reader.ends.length > 0);
    expect(reader.ends).toEqual([expect.objectContaining({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) })]);
  });

  test('hands out nothing after stop, and still sees the end', async () => {
    await using server = await linkServer();
    const reader = new Recorder();
    await using pair = await server.open(reader, options);
    pair.link.read();
    pair.link.stop();
    pair.client.end('too late');
    await turnUntil(() => pair.link.hasEnded);
    pair.link.socket.end();
    await closed(pair.client);
    await reader.until(() => reader.ends.length > 0);
    expect({ text: reader.text, ended: reader.endedTimes, ends: reader.ends }).toEqual({ text: '', ended: 0, ends: [undefined] });
  });

  test('hands out nothing more of what it held once the reader stops it', async () => {
    await using server = await linkServer();
    const reader = new Recorder();
    await using pair = await server.open(reader, { ...options, holdBytes: 1_048_576 });
    pair.client.write(patternOf(4, 100_000));
    await turnUntil(() => pair.link.heldBytes === 100_000);
    reader.once('told', () => pair.link.stop());
    pair.link.read();
    expect(reader.chunks.map(({ length }) => length)).toEqual([65_536]);
  });

  test('gathers small writes that wait: the socket is given one for them, and no byte is lost or moved', async () => {
    await using server = await linkServer('unix');
    await using pair = await server.open(new Recorder(), { ...options, maxPendingBytes: 8_388_608 });
    pair.link.read();
    const written: Buffer[] = [];
    const write = (bytes: Buffer): void => {
      written.push(bytes);
      if (written.length % 2 === 0) pair.link.write(Buffer.concat([bytes, Buffer.from('more')]), bytes.length);
      else pair.link.send(bytes);
    };
    for (let seed = 0; pair.link.pendingBytes === 0; seed++) write(patternOf(seed, 40_000));
    const given = pair.link.socket.writableLength;
    for (let seed = 0; seed < 50_000; seed++) write(patternOf(seed, 1 + (seed % 3)));
    expect(pair.link.socket.writableLength).toBe(given);
    expect(pair.link.pendingBytes).toBe(given + sumOf(written.slice(-50_000)));
    // A long one goes behind them, and they before it.
    write(patternOf(5, 100_000));
    write(Buffer.from('the last'));
    pair.link.end();
    expect((await readAll(pair.client)).equals(Buffer.concat(written))).toBe(true);
  });

  test('what waits when it is stopped is sent before the end', async () => {
    await using server = await linkServer('unix');
    await using pair = await server.open(new Recorder(), options);
    pair.link.read();
    let sentBytes = 0;
    for (; pair.link.pendingBytes === 0; sentBytes += 40_000) pair.link.send(Buffer.alloc(40_000));
    pair.link.write(Buffer.from('goodbye'), 7);
    pair.link.stop();
    pair.link.write(Buffer.from('!'), 1);
    pair.link.socket.end();
    expect((await readAll(pair.client)).subarray(sentBytes).toString()).toBe('goodbye!');
  });

  test('gathers what is held: single bytes are kept in one memory, and come out in order', async () => {
    await using server = await linkServer();
    const reader = new Recorder();
    await using pair = await server.open(reader, options);
    const bytes = patternOf(6, 300);
    for (let at = 0; at < bytes.length; at++) {
      pair.client.write(bytes.subarray(at, at + 1));
      await turnUntil(() => pair.link.heldBytes === at + 1);
    }
    pair.link.read();
    expect(reader.chunks).toEqual([bytes]);
  });

  test('stops a peer that does not take its answers, and still sees it go', async () => {
    await using server = await linkServer('unix');
    const echo = new Echo();
    await using pair = await server.open(echo, { ...options, maxPendingBytes: 65_536 });
    pair.link.read();
    pair.client.write(Buffer.alloc(4 * 1024 * 1024));
    await turnUntil(() => pair.link.pendingBytes >= 65_536);
    pair.link.stop();
    pair.client.destroy();
    await echo.until(() => echo.ends.length > 0);
    expect(echo.ends).toHaveLength(1);
  });

  test('never mixes the bytes of 50 connections whose peers stop reading at random', async () => {
    await using server = await linkServer('unix');
    const random = randomNumbers(20_261_122);
    const echoes: Echo[] = [];
    const clients: { readonly client: Socket; readonly sent: Buffer }[] = [];
    for (let index = 0; index < 50; index++) {
      const echo = new Echo();
      const { client, link } = await server.open(echo, { ...options, maxPendingBytes: 100_000 });
      link.read();
      echoes.push(echo);
      clients.push({ client, sent: patternOf(index, 600_000 + index) });
    }
    await Promise.all(
      clients.map(async ({ client, sent }) => {
        sendInPieces(client, sent, random);
        expect((await readRestlessly(client, random)).equals(sent)).toBe(true);
      }),
    );
    // Otherwise nothing was proved: only what the system does not take at once is kept.
    expect(echoes.filter(({ pendingTimes }) => pendingTimes > 0).length).toBeGreaterThan(25);
  });
});

function sumOf(bytes: readonly Buffer[]): number {
  return bytes.reduce((sum, { length }) => sum + length, 0);
}

function sendInPieces(client: Socket, bytes: Buffer, random: () => number): void {
  for (let start = 0; start < bytes.length;) {
    const end = Math.min(bytes.length, start + 1 + Math.floor(random() * 90_000));
    client.write(bytes.subarray(start, end));
    start = end;
  }
  client.end();
}

/** Reads everything, with pauses of up to 40 turns of the event loop. */
async function readRestlessly(client: Socket, random: () => number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of client) {
    chunks.push(chunk as Buffer);
    let turns = random() < 0.4 ? Math.floor(random() * 40) : 0;
    await turnUntil(() => turns-- <= 0);
  }
  return Buffer.concat(chunks);
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
