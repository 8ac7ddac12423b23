import { codecByName, FRAMINGS } from '@socklab/framing';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testsOf, TORTURE_PLANS } from '../../src/torture/corpus/corpus.ts';
import { tortureCorpus } from '../../src/torture/corpus/create-corpus.ts';
import { bytesOfPattern, patternOfBytes, patternBytes } from '../../src/torture/corpus/pattern.ts';
import { judge } from '../../src/torture/run/judge.ts';
import type { TortureTest } from '../../src/torture/corpus/corpus.ts';
import type { Answer } from '../../src/torture/run/answer-reader.ts';
import type { Played } from '../../src/torture/run/decoder-process.ts';

/** The lengths of the payloads of streams of one frame, of one plan. */
function lengthsIn(framing: string, plan: string): readonly number[] {
  const { streams, groups } = tortureCorpus(framing);
  const own = new Set(groups.filter((group) => group.plan === plan).map(({ stream }) => streams[stream]!));
  const singles = [...own].filter(({ payloads }) => payloads.length === 1).map(({ payloads: [payload] }) => payload!.bytes.length);
  return [...new Set(singles)].toSorted((left, right) => left - right);
}

test('bytes written as parts are read back', () => {
  const pieces = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.nat(200).map(patternBytes));
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const bytes = Buffer.concat(parts);
      expect(Buffer.from(bytesOfPattern(patternOfBytes(bytes)))).toEqual(bytes);
    }),
  );
  expect(patternOfBytes(Buffer.concat([Buffer.from([0, 0, 1, 0]), patternBytes(256)]))).toEqual(['00000100', { pattern: 0, bytes: 256 }]);
});

test.each([
  ['u16be', [127, 128, 129, 255, 256, 257, 65_534, 65_535]],
  ['u32be', [65_535, 65_536, 65_537]],
  ['protobuf', [16_383, 16_384, 16_385, 2_097_151, 2_097_152]],
  ['netstring', [9, 10, 99, 100, 999, 1000, 9999, 10_000, 99_999, 100_000]],
  ['modbus', [255, 256, 65_540, 65_541]],
])('%s is tried at the edges of its prefix', (framing, edges) => {
  expect(lengthsIn(framing, 'lengths')).toEqual(expect.arrayContaining(edges));
});

/** Where a frame of protobuf is cut that has a payload of so many bytes. */
function cutsOfProtobuf(byteLength: number): readonly number[] {
  return testsOf(tortureCorpus('protobuf'))
    .filter(
      ({ stream: { payloads, frames }, cuts }) => cuts.length === 1 && frames?.length === 1 && payloads[0]!.bytes.length === byteLength,
    )
    .map(({ cuts: [cut] }) => cut!);
}

test('a prefix of varint is cut behind each of its bytes', () => {
  expect(cutsOfProtobuf(129)).toEqual(expect.arrayContaining([1, 2]));
  expect(cutsOfProtobuf(16_384)).toEqual(expect.arrayContaining([1, 2, 3]));
  expect(cutsOfProtobuf(2_097_152)).toEqual(expect.arrayContaining([1, 2, 3, 4]));
});

test('the corpora together have every kind of test', () => {
  const plans = new Set(['u32be', 'netstring'].flatMap((framing) => tortureCorpus(framing).groups.map(({ plan }) => plan)));
  expect([...plans].toSorted()).toEqual(TORTURE_PLANS.map(({ name }) => name).toSorted());
});

describe.each(['u32be', 'line', 'cobs', 'amqp'])('the corpus of %s', (framing) => {
  const corpus = tortureCorpus(framing);
  const tests = testsOf(corpus);

  test('has tests of different names, whose cuts lie inside their streams', () => {
    expect(new Set(tests.map(({ id }) => id)).size).toBe(tests.length);
    for (const { cuts, stream, id } of tests) {
      const bounds = [0, ...cuts, Math.max(1, stream.wire.length)];
      expect([id, bounds]).toEqual([id, [...new Set(bounds)].toSorted((left, right) => left - right)]);
    }
  });

  test('says of each stream what its framing makes of it', () => {
    const endings = new Set(corpus.streams.map(({ ending }) => ending));
    expect([...endings].toSorted()).toEqual(['clean', 'refused', 'truncated']);
    for (const { payloads, wire } of corpus.streams) {
      expect(payloads.map(({ due }) => due)).toEqual(payloads.map(({ due }) => due).toSorted((left, right) => left - right));
      for (const { due } of payloads) expect(due).toBeLessThanOrEqual(wire.length);
    }
  });
});

test('a payload over the limit is refused by its header alone, where there is one', () => {
  const { streams, groups } = tortureCorpus('u32be');
  const early = groups.filter(({ plan }) => plan === 'limit-early').map(({ stream }) => streams[stream]!);
  const [first] = early;
  expect(first).toMatchObject({ limit: 100, payloads: [], ending: 'refused' });
  expect(Buffer.from(first!.wire).toString('hex')).toBe('00000065');
  expect(early.map(({ wire }) => Buffer.from(wire).toString('hex'))).toEqual(expect.arrayContaining(['ffffffff', '7fffffff', '80000000']));
});

test('what only the end of the stream completes is due with it', () => {
  const { streams } = tortureCorpus('{"kind":"line","unended":"emit"}');
  const unended = streams.find(({ about }) => about === 'three payloads, cut off behind byte 5')!;
  expect(unended).toMatchObject({ ending: 'clean', payloads: [{ due: 6 }] });
  const uncut: TortureTest = { id: 'truncation#0', plan: 'truncation', stream: unended, cuts: [] };
  const hello = { payloads: ['68656c6c6f'] };
  const verdictOf = (answers: readonly Answer[]) => judge(uncut, { answers }, (index) => hexOf(uncut, index)).verdict;
  expect(verdictOf([{ payloads: [] }, { payloads: [] }, hello])).toEqual({ kind: 'pass' });
  expect(verdictOf([{ payloads: [] }, { payloads: [] }, { payloads: [] }])).toMatchObject({ failure: 'missing-bytes' });
});

test('frames that were given are cut and cut off, and nothing else is done with them', () => {
  const ping = Buffer.from('c000', 'hex');
  const publish = Buffer.from('3007000161686579', 'hex').subarray(0, 8);
  const { streams, groups } = tortureCorpus('mqtt', { frames: [ping, Buffer.concat([Buffer.from([0x30, 6]), publish.subarray(2)])] });
  expect([...new Set(groups.map(({ plan }) => plan))]).not.toEqual(expect.arrayContaining(['limit']));
  expect(streams[0]).toMatchObject({ about: 'frame 0', ending: 'clean' });
});

test.each([
  ['raw', 'PROBE_ERR_FRAMING', 'keeps no boundaries'],
  ['u33be', 'PROBE_ERR_FRAMING', 'unknown framing "u33be"'],
])('of %s there is no corpus', (framing, code, message) => {
  expect(() => tortureCorpus(framing)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string }));
});

test('frames that are not of the framing are refused', () => {
  const frames = [Buffer.from('0000000161', 'hex'), Buffer.from('00000002', 'hex')];
  expect(() => tortureCorpus('u32be', { frames })).toThrow(expect.objectContaining({ code: 'PROBE_ERR_FRAMING' }));
  expect(() => tortureCorpus('u32be', { frames: [] })).toThrow(expect.objectContaining({ code: 'PROBE_ERR_EXCHANGE' }));
});

const named = FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries).map(({ name }) => name);

test.each(named)('our own decoder of %s does in each test what the corpus says', (framing) => {
  const tests = testsOf(tortureCorpus(framing));
  expect(tests.length).toBeGreaterThan(1000);
  for (const each of tests)
    expect([each.id, judge(each, playedHere(framing, each), (index) => hexOf(each, index)).verdict]).toEqual([each.id, { kind: 'pass' }]);
});

function hexOf({ stream }: TortureTest, index: number): string {
  return Buffer.from(stream.payloads[index]?.bytes ?? []).toString('hex');
}

/** What the adapter for Node.js answers, in this process. */
function playedHere(framing: string, { stream: { wire, limit }, cuts }: TortureTest): Played {
  const decoder = codecByName(framing, { maxPayloadBytes: limit }).createDecoder();
  const ends = wire.length === 0 ? [] : [...cuts, wire.length];
  const chunks = ends.map((end, index) => wire.subarray(ends[index - 1] ?? 0, end));
  const answers: Answer[] = [{ payloads: [] }];
  for (const chunk of [...chunks, undefined]) {
    const payloads: string[] = [];
    try {
      if (chunk === undefined) decoder.end();
      else decoder.push(chunk);
      for (let payload = decoder.next(); payload !== undefined; payload = decoder.next())
        payloads.push(Buffer.from(payload).toString('hex'));
      answers.push({ payloads });
    } catch (error) {
      answers.push({ payloads, error: String(error) });
    }
  }
  return { answers };
}
