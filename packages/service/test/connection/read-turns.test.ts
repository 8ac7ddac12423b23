import { createServer } from 'node:net';
import { listenTcp, parseEndpoint } from '@socklab/service';
import { connectTo, listening } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { linkServer, patternOf, Recorder } from './links.ts';
import type { LinkedPair } from './links.ts';
import type { MemoryBudget } from '@socklab/service';

/** Takes its time for each read, and notes in which turn that was. */
class Slow extends Recorder {
  readonly #turns: number[];
  readonly #now: () => number;
  readonly #readMs: number;

  constructor(turns: number[], now: () => number, readMs: number) {
    super();
    this.#turns = turns;
    this.#now = now;
    this.#readMs = readMs;
  }

  override bytes(memory: Buffer, byteLength: number): void {
    super.bytes(memory, byteLength);
    this.#turns.push(this.#now());
    busyFor(this.#readMs);
  }
}

function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Counts turns of the event loop until it is stopped. */
function countTurns(): { readonly now: () => number; stop(): void } {
  let turns = 0;
  let next: NodeJS.Immediate;
  const count = (): void => {
    turns++;
    next = setImmediate(count);
  };
  count();
  return { now: () => turns, stop: () => clearImmediate(next) };
}

const LINKS = 8;

/**
 * Eight links whose peers have all sent when the event loop looks, each with its end behind it.
 *
 * @returns how many reads each turn had that had any.
 */
async function readsPerTurn(readMs: number, staticRead: boolean, meanwhile: () => Promise<unknown> = async () => {}): Promise<number[]> {
  await using server = await linkServer();
  const turns: number[] = [];
  const counter = countTurns();
  const readers: Slow[] = [];
  await using open = new AsyncDisposableStack();
  const pairs: LinkedPair[] = [];
  for (let nth = 0; nth < LINKS; nth++) {
    const reader = new Slow(turns, counter.now, readMs);
    readers.push(reader);
    pairs.push(open.use(await server.open(reader, { staticRead })));
  }
  for (const { link } of pairs) link.read();
  for (const [nth, { client }] of pairs.entries()) client.end(patternOf(nth, 60_000));
  const done = meanwhile();
  busyFor(100);
  await Promise.all([done, ...readers.map((reader) => reader.until(() => reader.endedTimes > 0))]);
  counter.stop();
  for (const [nth, reader] of readers.entries()) expect(Buffer.concat(reader.chunks)).toEqual(patternOf(nth, 60_000));
  return [...new Set(turns)].map((each) => turns.filter((other) => other === each).length);
}

describe.each([
  ['from one memory', true],
  ['by public API', false],
] as const)('links that are read %s', (_, staticRead) => {
  test('share a turn of the event loop: who is not read in it waits, and gets all, in order, before the end', async () => {
    // The one with which time begins to count, and one that waited.
    expect(Math.max(...(await readsPerTurn(15, staticRead)))).toBeLessThanOrEqual(2);
  });

  test('are not read while they wait: of forty that all send much, a few reads are held', async () => {
    await using server = await linkServer();
    let [usedBytes, mostBytes] = [0, 0];
    const charge = (byteLength: number): void => void (mostBytes = Math.max(mostBytes, (usedBytes += byteLength)));
    const budget: MemoryBudget = { limitBytes: Infinity, usedBytes: 0, shareBytes: Infinity, charge, reserve() {} };
    const turns: number[] = [];
    const readers = Array.from({ length: 40 }, () => new Slow(turns, () => 0, 1));
    await using open = new AsyncDisposableStack();
    const pairs: LinkedPair[] = [];
    for (const reader of readers) pairs.push(open.use(await server.open(reader, { staticRead, budget })));
    for (const [nth, { client, link }] of pairs.entries()) {
      link.read();
      client.end(patternOf(nth, 100_000));
    }
    await Promise.all(readers.map((reader) => reader.until(() => reader.endedTimes > 0)));
    for (const [nth, reader] of readers.entries()) expect(Buffer.concat(reader.chunks)).toEqual(patternOf(nth, 100_000));
    expect(mostBytes).toBeLessThanOrEqual(8 * 65_536);
    expect(usedBytes).toBe(0);
  });

  test('leave most of a turn to those that connect, of whom the event loop accepts one in each', async () => {
    const arrivals = createServer();
    await listenTcp(arrivals, parseEndpoint('tcp://127.0.0.1:0', 'tcp'));
    const port = await listening(arrivals);
    const connect = async (): Promise<void> => {
      const clients = await Promise.all(Array.from({ length: 4 * LINKS }, () => connectTo(port)));
      for (const client of clients) client.destroy();
    };
    const crowded = (await readsPerTurn(3, staticRead, connect)).filter((reads) => reads > 2);
    // In the first turn all are read before the first of them is accepted.
    expect(crowded.length).toBeLessThanOrEqual(1);
    arrivals.close();
  });
});
