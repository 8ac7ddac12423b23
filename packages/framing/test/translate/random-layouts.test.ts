import { expect, test } from 'vitest';
import { caseOf } from './cases.ts';
import { interpreted } from './interpreter.ts';
import { chunksOf, randomStreams, shown } from './random-layouts.ts';

const STREAMS = randomStreams(16, 60, 30);

test('layouts of any fields, escapes, types and alternatives: the codec and its program find the same in any stream, cut anywhere', () => {
  for (const stream of STREAMS) {
    const { layout, wire, limit, found } = stream;
    const told = [JSON.stringify(layout), Buffer.from(wire).toString('hex'), limit, stream.cut] as const;
    expect([...told, shown(caseOf(layout, chunksOf(stream), limit))]).toEqual([...told, found]);
    expect([...told, interpreted(layout, chunksOf(stream), limit)]).toEqual([...told, found]);
  }
});

test('the streams are of all kinds, and end in many ways', () => {
  const count = (isOne: (stream: (typeof STREAMS)[number]) => boolean): number => STREAMS.filter(isOne).length;
  for (const kind of ['choice', 'stuffed', 'fragments']) expect(count(({ layout }) => layout.kind === kind)).toBeGreaterThan(300);
  const outcomes = Map.groupBy(STREAMS, ({ found }) => found.split(' ').at(-1)!);
  for (const outcome of ['ok', 'FRAME_ERR_TRUNCATED', 'FRAME_ERR_TOO_LARGE', 'FRAME_ERR_BAD_MAGIC', 'FRAME_ERR_BAD_CHECKSUM'])
    expect([outcome, (outcomes.get(outcome)?.length ?? 0) > 20]).toEqual([outcome, true]);
  expect(count(({ found }) => found.includes(' '))).toBeGreaterThan(500);
});
