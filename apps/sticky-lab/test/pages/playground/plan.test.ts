import { codecByName, FRAMINGS } from '@socklab/framing';
import { utf8 } from '@socklab/lab';
import { describe, expect, test } from 'vitest';
import { PLAYGROUND_FRAMINGS } from '../../../src/framing-lists.ts';
import { Refusal } from '../../../src/http/refusal.ts';
import { planRun } from '../../../src/pages/playground/plan-run.ts';
import { delaysOf, fewestReads, planWrites } from '../../../src/pages/playground/plan.ts';
import { DEFAULT_SETTINGS, RANGES } from '../../../src/pages/playground/settings.ts';
import type { NumberName, PlaygroundSettings } from '../../../src/pages/playground/settings.ts';

const sent = ['ab', '', 'cde'].map(utf8);
const raw = codecByName('raw');
const i32le = codecByName('i32le');

function refusal(change: Partial<PlaygroundSettings>): Refusal {
  try {
    planRun({ ...DEFAULT_SETTINGS, ...change });
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('planWrites', () => {
  test('gives each message a write, and none to a message of no bytes without a frame', () => {
    const plan = planWrites(sent, raw, { write: 'each', pieceBytes: 1 });
    expect(plan.wire).toEqual(utf8('abcde'));
    expect(plan.frames).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 2 },
      { start: 2, end: 5 },
    ]);
    expect(plan.writes).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 5 },
    ]);
    expect(planWrites(sent, i32le, { write: 'each', pieceBytes: 1 }).writes).toHaveLength(3);
  });

  test('corks all into one write', () => {
    expect(planWrites(sent, i32le, { write: 'cork', pieceBytes: 1 }).writes).toEqual([{ start: 0, end: 17 }]);
  });

  test.each([1, 2, 3, 4, 5, 6])('cuts the wire into pieces of %d bytes, wherever messages end', (pieceBytes) => {
    const { wire, writes } = planWrites(sent, raw, { write: 'pieces', pieceBytes });
    expect(writes).toHaveLength(Math.ceil(5 / pieceBytes));
    expect(writes.flatMap(({ start, end }) => [...wire.subarray(start, end)])).toEqual([...wire]);
    expect(writes.every(({ start, end }) => end > start && end - start <= pieceBytes)).toBe(true);
  });
});

describe('the time and the reads that a plan needs at least', () => {
  const settings = { ...DEFAULT_SETTINGS, readBytes: 2, readGapMs: 10, gapMs: 7 };

  test('what waits is read together, a piece alone', () => {
    expect(fewestReads(planWrites(sent, raw, { write: 'each', pieceBytes: 3 }), settings)).toBe(3);
    const pieces = planWrites(sent, raw, { write: 'pieces', pieceBytes: 1 });
    expect(fewestReads(pieces, { ...settings, write: 'pieces' })).toBe(5);
  });

  test('gaps are between writes, and the first read may wait', () => {
    const plan = planWrites(sent, raw, { write: 'gap', pieceBytes: 1 });
    expect(delaysOf(plan, { ...settings, write: 'gap' })).toEqual({ writingMs: 7, readingMs: 30 });
    expect(delaysOf(plan, { ...settings, firstRead: 'delayed', firstReadMs: 100 })).toEqual({ writingMs: 0, readingMs: 130 });
  });
});

describe('planRun', () => {
  test('plans the same messages for both connections', () => {
    const plans = planRun({ ...DEFAULT_SETTINGS, messages: ['one', String.raw`t\x77o\n`], repeat: 2 });
    expect(plans.raw.wire).toEqual(utf8('onetwo\nonetwo\n'));
    expect(plans.framed.sent).toEqual(plans.raw.sent);
    expect(plans.framed.codec.name).toBe('i32le');
  });

  test('takes every framing that carries any message', () => {
    const some = FRAMINGS.filter(({ exampleFrames }) => exampleFrames === undefined).map(({ name }) => name);
    expect(['raw', ...PLAYGROUND_FRAMINGS]).toEqual(some);
    for (const framing of PLAYGROUND_FRAMINGS) {
      expect(planRun({ ...DEFAULT_SETTINGS, framing }).framed.sent).toHaveLength(3);
    }
  });

  test.each(Object.entries(RANGES))('takes %s at its limits and refuses it beyond, 422', (name, { min, max }) => {
    const numbers = { gapMs: 1, pieceBytes: 8, firstRead: 'at-once', messages: ['x'], [name]: min } as const;
    expect(() => planRun({ ...DEFAULT_SETTINGS, ...numbers })).not.toThrow();
    expect(() => planRun({ ...DEFAULT_SETTINGS, ...numbers, [name]: max })).not.toThrow();
    for (const seen of [min - 1, max + 1, min + 0.5, Number.NaN]) {
      const { status, answer } = refusal({ ...numbers, [name as NumberName]: seen });
      expect(status).toBe(422);
      expect(answer).toMatchObject({ field: name, error: expect.stringContaining(`from ${min} to ${max}, received ${seen}`) as string });
      expect(answer.zh).toContain(`收到 ${seen}`);
    }
  });

  test.each<[string, Partial<PlaygroundSettings>, string, string]>([
    ['no message', { messages: [] }, 'messages', 'received none'],
    ['nothing but empty messages', { messages: ['', ''] }, 'messages', 'all messages are empty'],
    ['10,001 messages', { messages: Array.from({ length: 10_001 }, () => 'x') }, 'messages', '10001 × 1'],
    ['too many by repetition', { repeat: 3334 }, 'repeat', '3 × 3334'],
    ['a message of 65,537 bytes', { messages: ['x'.repeat(65_537)] }, 'messages', 'message 1 has 65537 bytes'],
    ['more than 4 MiB', { messages: ['x'.repeat(65_536)], repeat: 65 }, 'repeat', '4259840 bytes'],
    ['an escape that is none', { messages: ['fine', String.raw`\q`] }, 'messages', 'message 2'],
    ['an LF in a line', { messages: [String.raw`a\nb`], framing: 'line' }, 'messages', 'line cannot carry message 1'],
    [
      'a message over the limit of its framing',
      { messages: ['x', 'x'.repeat(256)], framing: 'u8' },
      'messages',
      'u8 cannot carry message 2',
    ],
    ['an empty message over SLIP', { messages: ['a', ''], framing: 'slip' }, 'messages', 'slip cannot carry message 2'],
    ['raw, which runs anyway', { framing: 'raw' }, 'framing', 'received "raw"'],
    ['a short form of nothing', { framing: 'delimited:' }, 'framing', 'delimited'],
    ['a layout with a fault', { framing: '{"kind":"frame","header":[]}' }, 'framing', 'layout'],
    ['a layout without frames', { framing: '{"kind":"raw"}' }, 'framing', 'a layout; received'],
    ['a framing of whole frames', { framing: 'mqtt' }, 'framing', 'received "mqtt"'],
    ['more pieces than are delivered', { messages: ['x'.repeat(10_001)], write: 'pieces', pieceBytes: 1 }, 'pieceBytes', '10005 pieces'],
    ['more reads than are made', { messages: ['x'.repeat(60_000)], repeat: 2, readBytes: 1 }, 'readBytes', '120008 reads'],
    ['pieces that all wait', { write: 'pieces' }, 'firstRead', 'never wait in the kernel'],
    ['more than waits in the kernel', { messages: ['x'.repeat(32_765)] }, 'firstRead', '32769 bytes'],
    ['gaps beyond the limit', { write: 'gap', gapMs: 1000, repeat: 4 }, 'gapMs', '22 s'],
    ['delays of reads beyond the limit', { readGapMs: 500, readBytes: 1 }, 'readGapMs', '22 s'],
  ])('refuses %s, naming the setting', (_, change, field, part) => {
    const { answer } = refusal(change);
    expect(answer.field).toBe(field);
    expect(answer.error).toContain(part);
    expect(answer.zh).toMatch(/[一-鿿]/u);
  });
});
