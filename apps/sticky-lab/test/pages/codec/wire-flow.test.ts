import { drawByteLanes, drawLadder, indexFlow } from '@socklab/lab/picture';
import { pcapng } from '@socklab/service';
import { readCapture } from '@socklab/service/capture';
import { expect, test } from 'vitest';
import { dissect } from '../../../src/pages/codec/dissect.ts';
import { MAX_BENCH_BYTES } from '../../../src/pages/codec/reading.ts';
import { wireFlow, wireSide } from '../../../src/pages/codec/wire-flow.ts';
import type { CapturedStream } from '@socklab/service/capture';

/** A captured connection whose client sent these segments, a millisecond apart; those of `lost` are not in the file. */
function stream(
  segments: readonly string[],
  { lost = [], isReset = false }: { lost?: readonly number[]; isReset?: boolean } = {},
): CapturedStream {
  const blocks: Uint8Array[] = [];
  let at = 1_700_000_000_000;
  const file = pcapng({ write: (bytes) => void blocks.push(bytes.slice()), now: () => (at += 1) });
  const connection = file.connection({ host: '192.0.2.7', port: 40_000 }, { host: '192.0.2.1', port: 80 });
  for (const [index, text] of segments.entries()) {
    const before = blocks.length;
    connection.data('client', Buffer.from(text, 'latin1'));
    if (lost.includes(index)) blocks.length = before;
  }
  connection.end('client', isReset ? 'reset' : 'fin');
  return readCapture(Buffer.concat(blocks)).streams[0]!;
}

test('each message stands where its last segment came, with the times of the capture', () => {
  const side = wireSide(stream(['one\ntw', 'o\nthree\n']), 'client');
  const { events, messages, totals, seenBy } = wireFlow(side, dissect(side.bytes, 'line'));
  const [first, , second] = events;
  expect(events.map((event) => [event.type, 'start' in event ? event.start : undefined])).toEqual([
    ['segment', 0],
    ['message', 0],
    ['segment', 6],
    ['message', 4],
    ['message', 8],
    ['end', undefined],
  ]);
  expect(events[1]!.us).toBe(first!.us);
  expect(second!.us - first!.us).toBe(1000);
  expect(messages).toHaveLength(3);
  expect(totals).toMatchObject({ segment: 2, message: 3, end: 1 });
  expect(seenBy).toBe('capture');
});

test('bytes that a framing does not take are a fault, and none of them is still a picture', () => {
  for (const framing of ['i32le', 'websocket', 'raw']) {
    const side = wireSide(stream(['hi\n'], { isReset: true }), 'client');
    const flow = wireFlow(side, dissect(side.bytes, framing));
    for (const draw of [drawLadder, drawByteLanes]) {
      const { boxes } = draw(indexFlow(flow), { width: 600, first: 0, count: 100 });
      expect(boxes.filter(({ kind }) => kind === 'segment')).toHaveLength(1);
    }
    expect(flow.events.at(-1)).toMatchObject({ type: 'end', isReset: true });
  }
});

test('nothing behind a gap is taken for what follows, and no more than the bench takes', () => {
  expect(wireSide(stream(['one', 'two', 'three'], { lost: [1] }), 'client')).toMatchObject({
    stop: 'gap',
    segments: [{ start: 0, end: 3 }],
  });
  const long = wireSide(stream(['x'.repeat(40_000), 'y'.repeat(40_000)]), 'client');
  expect([long.stop, long.bytes.length, long.segments.at(-1)?.end]).toEqual(['limit', MAX_BENCH_BYTES, MAX_BENCH_BYTES]);
  expect(wireSide(stream(['one']), 'server')).toMatchObject({ segments: [], stop: undefined });
});
