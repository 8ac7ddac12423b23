import { describe, expect, test } from 'vitest';
import { Shaper } from '../src/plan/shaper.ts';
import { parseStreamPlan, requireFraming } from '../src/plan/stream-plan.ts';
import type { Batch } from '../src/plan/batch.ts';

const FLOW = { direction: 'up', lost: () => undefined, followsFrames: false } as const;

interface Shaping {
  readonly plan: string;
  readonly framing?: string;
  readonly seed?: number;
}

/** The pieces that reads leave in, batch by batch; what is held at the end leaves last. */
function shape({ plan, framing, seed = 1 }: Shaping, reads: readonly (string | Buffer)[]): readonly (readonly string[])[] {
  const shaper = new Shaper({ plan: parseStreamPlan(plan), framing, ...FLOW, seed });
  const batches = reads.map((read) => shaper.push(Buffer.from(read as string), Buffer.byteLength(read)));
  return [...batches, shaper.flush()].flatMap((batch) => (batch === undefined ? [] : [piecesOf(shaper, batch)]));
}

function piecesOf({ cutter }: Shaper, batch: Batch): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < batch.byteLength;) {
    const end = cutter.next(batch, at);
    expect(end).toBeGreaterThan(at);
    pieces.push(batch.memory.toString('latin1', at, end));
    at = end;
  }
  return pieces;
}

/** Where a random plan cuts. */
function cutsOf(reads: readonly string[], seed: number): readonly number[] {
  let at = 0;
  return shape({ plan: 'random:2-9', seed }, reads)
    .flat()
    .map((piece) => (at += piece.length));
}

/** A frame of the framing `u16be`. */
function frame(text: string): string {
  return `\0${String.fromCodePoint(text.length)}${text}`;
}

describe('cuts', () => {
  test.each([
    ['pass', ['abcdef', 'gh'], [['abcdef'], ['gh']]],
    ['bytes:4', ['abcdefghij', 'kl'], [['abcd', 'efgh', 'ij'], ['kl']]],
    ['bytes:4', ['ab', 'cdefg'], [['ab'], ['cd', 'efg']]],
    ['drip', ['abc'], [['a', 'b', 'c']]],
    [
      'sizes:1,3',
      ['abcdefgh', 'ij'],
      [
        ['a', 'bcd', 'e', 'fgh'],
        ['i', 'j'],
      ],
    ],
    ['at:2,5', ['abc', 'defg', 'h'], [['ab', 'c'], ['de', 'fg'], ['h']]],
    ['at:2+bytes:3', ['abcdef'], [['ab', 'c', 'def']]],
    ['crlf', ['a\r\nb\r\n\r\nc', '\r', '\n'], [['a\r', '\nb\r', '\n', '\r', '\nc'], ['\r'], ['\n']]],
    ['coalesce:n=3', ['a', 'b', 'c', 'd'], [['abc'], ['d']]],
    ['coalesce:20ms', ['a', 'b', 'c'], [['abc']]],
    ['coalesce:n=2+bytes:3', ['ab', 'cd', 'e'], [['abc', 'd'], ['e']]],
  ] as const)('%s', (plan, reads, expected) => {
    expect(shape({ plan }, reads)).toEqual(expected);
  });

  test('inside code points, and nowhere else', () => {
    const [pieces] = shape({ plan: 'utf8' }, ['aé日b']);
    expect(pieces).toEqual(['aÃ', '©æ', '\u0097', '¥b']);
    expect(shape({ plan: 'utf8' }, [Buffer.from([0x41, 0x80, 0x80, 0x42])])).toEqual([['A\u0080\u0080B']]);
  });

  test('the same places however the bytes came, with the same seed, and others with another', () => {
    const bytes = 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(4);
    const whole = cutsOf([bytes], 5);
    const inTwo = cutsOf([bytes.slice(0, 50), bytes.slice(50)], 5);
    expect(inTwo.filter((cut) => cut !== 50)).toEqual(whole.filter((cut) => cut !== 50));
    expect(cutsOf([bytes], 6)).not.toEqual(whole);
    for (const piece of shape({ plan: 'random:2-9', seed: 5 }, [bytes])[0]!.slice(0, -1)) {
      expect(piece.length).toBeGreaterThanOrEqual(2);
      expect(piece.length).toBeLessThanOrEqual(9);
    }
  });
});

describe('frames', () => {
  test.each([
    ['boundary:0', [frame('ab') + frame('cd')], [['\0\u0002', 'ab', '\0\u0002', 'cd']]],
    ['boundary:-1', [frame('abc')], [['\0', '\u0003ab', 'c']]],
    ['prefix', [frame('ab')], [['\0', '\u0002ab']]],
    ['boundary:1', ['\0', '\u0003a', 'bc'], [['\0', '\u0003a', 'bc']]],
    ['glue', [frame('abcd'), frame('efgh'), 'x'], [['\0\u0004a'], ['bcd\0\u0004e'], ['fghx']]],
  ] as const)('%s', (plan, reads, expected) => {
    expect(shape({ plan, framing: 'u16be' }, reads)).toEqual(expected);
  });

  test('a frame that is not whole is held, and leaves when it has waited long enough', () => {
    const shaper = new Shaper({ plan: parseStreamPlan('prefix'), framing: 'u16be', ...FLOW, seed: 1 });
    expect(shaper.push(Buffer.from('\0\u0004ab'), 4)).toBeUndefined();
    expect(shaper.heldBytes).toBe(4);
    expect(shaper.flush()).toMatchObject({ byteLength: 4, at: 0 });
    expect(shaper.push(Buffer.from('cd\0\u0001x'), 5)).toMatchObject({ byteLength: 5, at: 4, frames: [{ end: 2 }, { start: 2, end: 5 }] });
    expect(shaper.heldBytes).toBe(0);
  });

  test('bytes that are not of the framing pass as they come', () => {
    const shaper = new Shaper({ plan: parseStreamPlan('prefix'), framing: 'netstring', ...FLOW, seed: 1 });
    expect(shaper.push(Buffer.from('GET / HTTP'), 10)).toMatchObject({ byteLength: 10, frames: [] });
    expect(shaper.push(Buffer.from('3'), 1)).toMatchObject({ byteLength: 1 });
    expect(shaper.hasFrames).toBe(false);
  });

  test('no more than 64 KiB and one read are held', () => {
    const shaper = new Shaper({ plan: parseStreamPlan('boundary:0'), framing: 'u32be', ...FLOW, seed: 1 });
    const read = Buffer.alloc(40_000);
    read.writeUInt32BE(500_000);
    expect(shaper.push(read, read.length)).toBeUndefined();
    expect(shaper.push(Buffer.alloc(40_000), 40_000)).toMatchObject({ byteLength: 80_000 });
  });
});

test.each([
  ['bytes:0', 'bytes:N takes whole numbers from 1 to 16777216, received "0"'],
  ['bytes', 'received ""'],
  ['sizes:1,x', 'sizes:1,3,7 takes whole numbers from 1 to 16777216, received "x"'],
  ['random:9-3', 'random:1-64 takes whole numbers from 9 to 16777216, received "3"'],
  ['at:0', 'at:12,16 takes whole numbers from 1, received "0"'],
  ['pass:1', 'pass takes nothing after it, received "1"'],
  ['slice', 'unknown plan "slice": give pass, bytes:N'],
  ['constructor', 'unknown plan "constructor"'],
  ['coalesce:n=1', 'coalesce:n=3 takes whole numbers from 2 to 1000, received "1"'],
  ['coalesce:n=2+coalesce:5ms', 'holds back twice'],
  ['+', 'unknown plan ""'],
  ['a'.repeat(20_000), 'give at most 16 plans in 16384 characters'],
])('refuses the plan %.40s', (text, message) => {
  expect(() => parseStreamPlan(text)).toThrow(message);
});

test('refuses a plan that needs frames without a framing, and names those there are', () => {
  expect(() => requireFraming(parseStreamPlan('bytes:2+prefix'), undefined)).toThrow(
    '"bytes:2+prefix" needs to know where frames begin: give --framing, one of line,',
  );
});

test('what a client says before the frames is a frame, and the frames behind it are cut', () => {
  const startup = Buffer.from('000000090003000000', 'hex');
  const query = Buffer.from('510000000953454c3100', 'hex');
  const shaper = new Shaper({ plan: parseStreamPlan('prefix'), framing: 'postgres', ...FLOW, seed: 1 });
  const wire = Buffer.concat([startup, query]);
  const batch = shaper.push(wire, wire.length);
  expect(batch?.frames.map(({ start, end }) => [start, end])).toEqual([
    [0, startup.length],
    [startup.length, wire.length],
  ]);
});

test('bytes that are not of the framing are told once, with their place, and pass as they come', () => {
  const told: unknown[] = [];
  const lost = (error: Error): void => void told.push(error);
  const shaper = new Shaper({ plan: parseStreamPlan('prefix'), framing: 'postgres', ...FLOW, direction: 'down', lost, seed: 1 });
  const wire = Buffer.from('53160303', 'hex');
  expect(shaper.push(wire, wire.length)?.byteLength).toBe(4);
  expect(shaper.push(wire, wire.length)?.byteLength).toBe(4);
  expect(told).toEqual([expect.objectContaining({ code: 'FRAME_ERR_BAD_MAGIC', offset: 1 })]);
});
