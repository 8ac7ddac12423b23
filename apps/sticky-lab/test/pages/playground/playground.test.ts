import { openHandles } from '@socklab/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PLAYGROUND_FRAMINGS } from '../../../src/framing-lists.ts';
import { planRun } from '../../../src/pages/playground/plan-run.ts';
import { runPlayground } from '../../../src/pages/playground/run.ts';
import { DEFAULT_SETTINGS } from '../../../src/pages/playground/settings.ts';
import type { PlaygroundEvent, PlaygroundResult, PlaygroundSide } from '../../../src/pages/playground/result.ts';
import type { PlaygroundRunOptions } from '../../../src/pages/playground/run.ts';
import type { PlaygroundSettings } from '../../../src/pages/playground/settings.ts';
import type { RecordedFlow, FlowEvent } from '@socklab/lab/picture';

let before: readonly string[];

beforeEach(async () => {
  before = await openHandles();
});

afterEach(async () => {
  expect(await openHandles()).toEqual(before);
});

function run(change: Partial<PlaygroundSettings> = {}, options: Partial<PlaygroundRunOptions> = {}): Promise<PlaygroundResult> {
  const settings = { ...DEFAULT_SETTINGS, ...change };
  return runPlayground(settings, planRun(settings), { signal: new AbortController().signal, ...options });
}

function events<Type extends FlowEvent['type']>(
  { flow }: PlaygroundSide,
  type: Type,
): readonly Extract<FlowEvent, { readonly type: Type }>[] {
  return flow.events.filter((event): event is Extract<FlowEvent, { readonly type: Type }> => event.type === type);
}

function sizes(ranges: readonly { readonly start: number; readonly end: number }[]): readonly number[] {
  return ranges.map(({ start, end }) => end - start);
}

function hexText({ hex }: RecordedFlow): string {
  return Buffer.from(hex, 'hex').toString();
}

/** As a capture has them, or as the kernel counts them; 0 where neither is to be had. */
function segmentsOf({ segments: [counted], totals }: RecordedFlow): number {
  return counted?.count ?? totals.segment;
}

describe('messages that wait in the kernel', () => {
  test('are glued without framing and whole with it, from the same read', async () => {
    const { raw, framed } = await run();
    expect(raw.verdict).toMatchObject({ fate: 'glued', sentMessages: 3, receivedMessages: 1 });
    expect(raw.received).toEqual(['helloworld你好']);
    expect(framed.verdict).toMatchObject({ fate: 'whole', receivedMessages: 3, firstDifference: null });
    expect(framed.received).toEqual(['hello', 'world', '你好']);
    // One read of all, and the end of the stream.
    expect(sizes(events(raw, 'read'))).toEqual([16, 0]);
    expect(sizes(events(framed, 'read'))).toEqual([28, 0]);
  });

  test.each(PLAYGROUND_FRAMINGS)('are whole with %s, however short the reads', async (framing) => {
    const { framed } = await run({ framing, readBytes: 2 });
    expect(framed.received).toEqual(['hello', 'world', '你好']);
  });

  test('come in reads of at most recv(n) bytes', async () => {
    const { raw } = await run({ messages: ['longer than one read'], readBytes: 8 });
    expect(raw.verdict.fate).toBe('cut');
    expect(sizes(events(raw, 'read'))).toEqual([8, 8, 4, 0]);
  });
});

describe('how it is written', () => {
  test('each message is a write of its own; corked, all are one', async () => {
    const each = await run();
    expect(sizes(events(each.framed, 'write'))).toEqual([9, 9, 10]);
    const corked = await run({ write: 'cork' });
    expect(sizes(events(corked.framed, 'write'))).toEqual([28]);
    expect(corked.framed.flow.messages).toEqual(each.framed.flow.messages);
  });

  test('a piece is read before the next is written', async () => {
    const { raw, framed } = await run({ messages: ['a message', 'b'], write: 'pieces', pieceBytes: 4, firstRead: 'at-once' });
    expect(raw.verdict).toMatchObject({ fate: 'glued-and-cut', receivedMessages: 3 });
    expect(raw.received).toEqual(['a me', 'ssag', 'eb']);
    expect(framed.verdict.fate).toBe('whole');
    const order = framed.flow.events.filter(({ type }) => type === 'write' || type === 'read').map(({ type }) => type);
    expect(order.slice(0, 8)).toEqual(['write', 'read', 'write', 'read', 'write', 'read', 'write', 'read']);
    expect(framed.flow.messages).toEqual([
      { start: 0, end: 13 },
      { start: 13, end: 18 },
    ]);
  });

  test('a gap is kept between writes', async () => {
    const { framed } = await run({ write: 'gap', gapMs: 20, firstRead: 'at-once' });
    const [first, second, third] = events(framed, 'write').map(({ us }) => us) as [number, number, number];
    // Timers of Node may end up to a millisecond early.
    expect(second - first).toBeGreaterThanOrEqual(19_000);
    expect(third - second).toBeGreaterThanOrEqual(19_000);
  });

  test.each([false, true])('everything arrives with noDelay: %s', async (noDelay) => {
    const { raw, framed } = await run({
      messages: ['tick'],
      repeat: 60,
      write: 'gap',
      gapMs: 1,
      firstRead: 'at-once',
      readGapMs: 5,
      noDelay,
    });
    expect(hexText(raw.flow)).toBe('tick'.repeat(60));
    expect(raw.verdict.fate).toMatch(/^(?:glued|whole)$/);
    expect(framed.verdict).toMatchObject({ fate: 'whole', receivedMessages: 60 });
  });

  test('without Nagle’s algorithm the kernel sends more segments, where it tells of them', async () => {
    const slowly = { messages: ['tick'], repeat: 60, write: 'gap', gapMs: 1, firstRead: 'queued' } as const;
    const [on, off] = [await run({ ...slowly, noDelay: false }), await run({ ...slowly, noDelay: true })];
    const [held, each] = [segmentsOf(on.framed.flow), segmentsOf(off.framed.flow)];
    if (held === 0 || each === 0) return;
    expect(held).toBeLessThan(each);
  });
});

test('of more messages than a picture keeps, all numbers are those of the whole run', async () => {
  const { raw, framed } = await run({ messages: ['tick'], repeat: 10_000, write: 'each', firstRead: 'at-once' });
  for (const { flow, rows } of [raw, framed]) {
    expect(flow.totals.write).toBe(10_000);
    expect(flow.omittedEvents).toBeGreaterThan(0);
    expect(rows.find(({ label }) => label.en === 'reads')?.value.en).toMatch(new RegExp(`^${flow.totals.read}, `));
  }
  expect(framed.flow.totals.message).toBe(10_000);
});

describe('how it is read', () => {
  test('the first read may wait for a time', async () => {
    const { framed } = await run({ firstRead: 'delayed', firstReadMs: 30 });
    expect(events(framed, 'read')[0]?.us).toBeGreaterThanOrEqual(29_000);
    expect(framed.verdict.fate).toBe('whole');
  });

  test('a gap is kept between reads', async () => {
    const { raw } = await run({ messages: ['abcdef'], readBytes: 2, readGapMs: 20 });
    const times = events(raw, 'read').map(({ us }) => us);
    expect(times).toHaveLength(4);
    for (const [index, us] of times.slice(1, 3).entries()) expect(us - (times[index] ?? 0)).toBeGreaterThanOrEqual(19_000);
  });
});

describe('a run', () => {
  test('tells which connection begins, and gives its settings back', async () => {
    const told: PlaygroundEvent[] = [];
    const { settings, raw, framed } = await run({ framing: 'line' }, { emit: (event) => told.push(event) });
    expect(told).toEqual([
      { type: 'side', framing: 'raw' },
      { type: 'side', framing: 'line' },
    ]);
    expect(settings.framing).toBe('line');
    expect([raw.flow.id, framed.flow.id]).toEqual([1, 2]);
  });

  test('a message of no bytes is lost without framing and arrives with it', async () => {
    const { raw, framed } = await run({ messages: ['', 'a', ''] });
    expect(raw.verdict.fate).toBe('empty-lost');
    expect(framed.received).toEqual(['', 'a', '']);
  });

  test('10,000 messages arrive whole; what the picture leaves out is counted', async () => {
    const { raw, framed } = await run({ messages: ['message'], repeat: 10_000, firstRead: 'at-once', readBytes: 4096 });
    expect(framed.verdict).toMatchObject({ fate: 'whole', sentMessages: 10_000, receivedMessages: 10_000 });
    expect(raw.verdict.sentMessages).toBe(10_000);
    expect(framed.received).toHaveLength(200);
    expect(framed.flow.messages).toHaveLength(10_000);
    expect(framed.flow.events.length + framed.flow.omittedEvents).toBeGreaterThanOrEqual(20_000);
  });

  test('4 MiB go through while the receiver waits', async () => {
    const { framed } = await run({ messages: ['x'.repeat(65_536)], repeat: 64, readBytes: 65_536, firstRead: 'delayed', firstReadMs: 20 });
    expect(framed.verdict).toMatchObject({ fate: 'whole', receivedMessages: 64 });
    expect(framed.received[0]).toBe(`${'x'.repeat(120)}… (+65416 bytes)`);
  });

  test('fails with LAB_ERR_TIME_LIMIT when it takes too long, and leaves nothing open', async () => {
    const endless = run({ firstRead: 'delayed', firstReadMs: 5000 }, { timeLimitMs: 30 });
    await expect(endless).rejects.toThrow(expect.objectContaining({ code: 'LAB_ERR_TIME_LIMIT' }));
  });

  test.each([
    { firstRead: 'delayed', firstReadMs: 5000 },
    { write: 'gap', gapMs: 1000, firstRead: 'at-once' },
    { write: 'pieces', pieceBytes: 1, readGapMs: 200, firstRead: 'at-once' },
  ] as const)('ends when it is called off: %j', async (change) => {
    const stopping = new AbortController();
    const reason = new Error('called off');
    const emit = (): void => void setImmediate(() => stopping.abort(reason));
    await expect(run(change, { signal: stopping.signal, emit })).rejects.toBe(reason);
  });
});
