import { describe, expect, test } from 'vitest';
import { linkServer, patternOf, Recorder } from './links.ts';
import type { LinkedPair } from './links.ts';

/** Takes longer for each read than one turn has time, and notes in which turn that was. */
class Slow extends Recorder {
  readonly #turns: number[];
  readonly #now: () => number;

  constructor(turns: number[], now: () => number) {
    super();
    this.#turns = turns;
    this.#now = now;
  }

  override bytes(memory: Buffer, byteLength: number): void {
    super.bytes(memory, byteLength);
    this.#turns.push(this.#now());
    busyFor(15);
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

describe.each([
  ['from one memory', true],
  ['by public API', false],
] as const)('links that are read %s', (_, staticRead) => {
  test('share a turn of the event loop: who is not read in it waits, and gets all, in order, before the end', async () => {
    await using server = await linkServer();
    const turns: number[] = [];
    const counter = countTurns();
    const readers: Slow[] = [];
    await using open = new AsyncDisposableStack();
    const pairs: LinkedPair[] = [];
    for (let nth = 0; nth < LINKS; nth++) {
      const reader = new Slow(turns, counter.now);
      readers.push(reader);
      pairs.push(open.use(await server.open(reader, { staticRead })));
    }
    for (const { link } of pairs) link.read();
    for (const [nth, { client }] of pairs.entries()) client.end(patternOf(nth, 60_000));
    // All have come when the event loop looks again.
    busyFor(100);
    await Promise.all(readers.map((reader) => reader.until(() => reader.endedTimes > 0)));
    counter.stop();
    for (const [nth, reader] of readers.entries()) expect(Buffer.concat(reader.chunks)).toEqual(patternOf(nth, 60_000));
    const perTurn = turns.map((each) => turns.filter((other) => other === each).length);
    // The one with which time begins to count, and one that waited.
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(2);
  });
});
