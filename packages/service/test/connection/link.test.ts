import { createMemoryBudget } from '@socklab/service';
import { closed, readAll, receive } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { Echo, Recorder, linkServer, patternOf, turnUntil } from './links.ts';
import type { LinkedPair } from './links.ts';
import type { Link } from '@socklab/service';
import type { Socket } from 'node:net';

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
    pair.link.socket.end();
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
    await using pair = await server.open(reader, { ...options, holdBytes: 200_000 });
    // It is handed out in blocks of 64 KiB.
    pair.client.write(Buffer.alloc(100_000, 'x'));
    await turnUntil(() => pair.link.socket.bytesRead === 100_000);
    reader.once('told', () => pair.link.stop());
    pair.link.read();
    expect(reader.text).toBe('x'.repeat(65_536));
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

  test('answers of two bytes that nobody takes cost little more than their bytes, and arrive in order', async () => {
    await using server = await linkServer('unix');
    const budget = createMemoryBudget({ limitBytes: 64 * 1024 * 1024, onSpent() {} });
    await using pair = await server.open(new Recorder(), { ...options, budget });
    const { link } = pair;
    link.read();
    const expected = [fill(link)];
    for (let nth = 0; nth < 20_000; nth++) {
      const answer = Buffer.from([nth, nth >> 8]);
      // By turns in each of the ways there are to answer.
      if (nth % 3 === 0) link.write(answer, 2);
      else if (nth % 3 === 1) link.send(answer);
      else link.lend(answer, () => expect.unreachable('the socket keeps nothing of what is gathered'));
      expected.push(answer);
    }
    expect(link.pendingBytes).toBeGreaterThan(40_000);
    expect(link.memoryBytes).toBeLessThan(link.pendingBytes + 3 * 65_536);
    expect(budget.usedBytes).toBe(link.memoryBytes);
    link.stop();
    link.socket.end();
    expect((await readAll(pair.client)).equals(Buffer.concat(expected))).toBe(true);
    pair.client.end();
    await turnUntil(() => link.socket.closed);
    expect(budget.usedBytes).toBe(0);
  });

  test('a long piece goes behind the short ones that wait, and they before it', async () => {
    await using server = await linkServer('unix');
    await using pair = await server.open(new Recorder(), { ...options, maxPendingBytes: 8_388_608 });
    const { link } = pair;
    link.read();
    const expected = [fill(link)];
    for (let seed = 0; seed < 300; seed++) {
      const piece = patternOf(seed, seed % 100 === 99 ? 100_000 : 1 + (seed % 3));
      if (seed % 2 === 0) link.write(Buffer.concat([piece, Buffer.from('more')]), piece.length);
      else link.send(piece);
      expected.push(piece);
    }
    expect(link.pendingBytes).toBeGreaterThan(300_000);
    link.stop();
    link.socket.end();
    expect((await readAll(pair.client)).equals(Buffer.concat(expected))).toBe(true);
  });

  test('what waits when it is stopped is sent before the end, and what is said after it too', async () => {
    await using server = await linkServer('unix');
    await using pair = await server.open(new Recorder(), options);
    const { link } = pair;
    link.read();
    const filled = fill(link);
    link.write(Buffer.from('goodbye'), 7);
    link.stop();
    link.write(Buffer.from('!'), 1);
    link.socket.end();
    expect((await readAll(pair.client)).subarray(filled.length).toString()).toBe('goodbye!');
  });

  test.each([
    ['written', (link: Link, memory: Buffer) => link.write(memory, 2)],
    ['lent', (link: Link, memory: Buffer) => link.lend(memory.subarray(0, 2), () => expect.unreachable('all of the memory is kept'))],
  ])('two bytes that nobody takes keep little of the memory they were %s from', async (_how, say) => {
    await using server = await linkServer('unix');
    await using pair = await server.open(new Recorder(), options);
    const { link } = pair;
    link.read();
    const memory = Buffer.alloc(81_920);
    while (link.pendingBytes === 0) say(link, memory);
    expect(link.memoryBytes).toBeLessThanOrEqual(2048);
  });

  test('bytes that come one by one before anybody reads cost little more than their bytes', async () => {
    await using server = await linkServer();
    const reader = new Recorder();
    await using pair = await server.open(reader, options);
    for (let nth = 1; nth <= 1000; nth++) {
      pair.client.write('x');
      await turnUntil(() => pair.link.socket.bytesRead === nth);
    }
    expect(pair.link.memoryBytes).toBeLessThanOrEqual(2000);
    pair.link.read();
    expect(reader.chunks).toEqual([Buffer.alloc(1000, 'x')]);
    expect(pair.link.memoryBytes).toBe(0);
  });

  test('what was lent stays as it was, and is given up, once the socket keeps it', async () => {
    await using server = await linkServer('unix');
    await using pair = await server.open(new Recorder(), options);
    const { link } = pair;
    let memory = Buffer.alloc(65_536);
    let released = 0;
    const release = (): void => {
      released++;
      memory = Buffer.alloc(65_536);
    };
    const expected: Buffer[] = [];
    for (let seed = 0; link.pendingBytes < 300_000; seed++) {
      const piece = patternOf(seed, 50_000);
      memory.set(piece);
      link.lend(memory.subarray(0, piece.length), release);
      memory.fill(0xee);
      expected.push(piece);
    }
    expect(released).toBe(1);
    link.stop();
    link.socket.end();
    expect((await readAll(pair.client)).equals(Buffer.concat(expected))).toBe(true);
  });

  test('a peer that holds more than its share of the budget is not read; a bystander that takes its answers is', async () => {
    await using server = await linkServer('unix');
    const budget = createMemoryBudget({ limitBytes: 2 * 1024 * 1024, onSpent: () => expect.unreachable('the budget is spent') });
    const hogs: Socket[] = [];
    for (let nth = 0; nth < 8; nth++) {
      const { client, link } = await server.open(new Echo(), { ...options, budget });
      link.read();
      client.write(Buffer.alloc(8 * 1024 * 1024));
      hogs.push(client);
    }
    await using other = await server.open(new Echo(), { ...options, budget });
    other.link.read();
    for (let round = 0; round < 300; round++) {
      other.client.write('x');
      await receive(other.client, 1);
    }
    expect(budget.usedBytes).toBeGreaterThan(1024 * 1024);
    for (const client of hogs) client.destroy();
    await turnUntil(() => budget.usedBytes === 0);
  });

  test('peers that fall behind are not read, and spend no more than a budget that has 64 KiB for each', async () => {
    await using server = await linkServer('unix');
    let spentTimes = 0;
    const budget = createMemoryBudget({ limitBytes: 32 * 65_536 + 4 * 1024 * 1024, onSpent: () => spentTimes++ });
    const opened: LinkedPair[] = [];
    for (let nth = 0; nth < 32; nth++) opened.push(await server.open(new Echo(), { ...options, budget }));
    // The first ones could take all before the others have begun.
    for (const { client, link } of opened) {
      link.read();
      client.write(Buffer.alloc(1024 * 1024));
      await turnUntil(() => link.memoryBytes > 0);
    }
    for (const { client } of opened) client.resume();
    await turnUntil(() => opened.every(({ client }) => client.bytesRead === 1024 * 1024));
    expect([spentTimes, budget.usedBytes]).toEqual([0, 0]);
    for (const { client } of opened) client.destroy();
    await turnUntil(() => budget.shareBytes === budget.limitBytes / 8);
  });

  test('forget gives back at once what the budget was charged with', async () => {
    await using server = await linkServer('unix');
    const budget = createMemoryBudget({ limitBytes: 2 ** 30, onSpent() {} });
    await using pair = await server.open(new Recorder(), { ...options, budget });
    fill(pair.link);
    expect(budget.usedBytes).toBeGreaterThan(65_535);
    pair.link.socket.destroy();
    pair.link.forget();
    expect(budget.usedBytes).toBe(0);
    await turnUntil(() => pair.link.socket.closed);
    expect(budget.usedBytes).toBe(0);
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

/** Writes until the system takes no more; gives what was written. */
function fill(link: Link): Buffer {
  const pieces: Buffer[] = [];
  while (link.pendingBytes === 0) {
    const piece = patternOf(pieces.length, 65_536);
    link.write(piece, piece.length);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
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
