import { describe, expect, test } from 'vitest';
import { drawByteLanes } from '../../src/picture/byte-lanes.ts';
import { indexFlow } from '../../src/picture/flow-index.ts';
import { event, GLUED, helloAlex } from './picture-flow.ts';
import type { Drawing } from '../../src/picture/drawing.ts';
import type { RecordedFlow } from '../../src/picture/flow.ts';

function draw(flow: RecordedFlow, { width = 900, first = 0, count = 200 } = {}): Drawing {
  return drawByteLanes(indexFlow(flow), { width, first, count });
}

describe('lanes of bytes', () => {
  test('have the same bytes at the same place in every lane', () => {
    const { boxes } = draw(GLUED);
    const read = boxes.find(({ kind }) => kind === 'read');
    const writes = boxes.filter(({ kind }) => kind === 'write');
    const meant = boxes.filter(({ kind }) => kind === 'meant');
    expect(writes.map(({ x }) => x)).toEqual(meant.map(({ x }) => x));
    expect(read?.x).toBe(writes[0]?.x);
    expect(read?.slices[1]?.x).toBeCloseTo(writes[1]!.x, 0);
  });

  test('write each byte above them while there is room, and offsets when there is none', () => {
    expect(
      draw(GLUED)
        .marks.map(({ text }) => text)
        .join(''),
    ).toBe('helloalex');
    const long = helloAlex([event('write', 0, 0, 100_000), event('read', 1, 0, 100_000)], { totalBytes: 100_000 });
    expect(draw(long).marks.map(({ text }) => text)).toEqual(['0', '25000', '50000', '75000', '100000']);
  });

  test('show what the chosen events are about, and no more', () => {
    const events = Array.from({ length: 50 }, (_, at) => event('write', at, at * 10, at * 10 + 10));
    const messages = events.map((_, at) => ({ start: at * 10, end: at * 10 + 10 }));
    const drawn = draw(helloAlex(events, { messages, totalBytes: 500 }), { first: 20, count: 5 });
    expect(drawn.boxes.filter(({ kind }) => kind === 'write').map(({ start }) => start)).toEqual([200, 210, 220, 230, 240]);
    expect(drawn.boxes.filter(({ kind }) => kind === 'meant').map(({ start }) => start)).toEqual([200, 210, 220, 230, 240]);
  });

  test('show what has no bytes: an end, an empty read, a fault', () => {
    const broken = helloAlex([
      event('write', 0, 0, 9),
      { type: 'fault', us: 1, start: 3, reason: { en: 'no frame begins here', zh: '这里没有帧' } },
      { type: 'end', us: 2, side: 'receiver', isReset: true },
    ]);
    for (const flow of [broken, GLUED]) {
      const { boxes, width } = draw(flow);
      expect(boxes.filter(({ kind }) => kind !== 'meant')).toHaveLength(flow.events.length);
      for (const box of boxes) {
        expect(box.width).toBeGreaterThan(0);
        expect(box.x + box.width).toBeLessThanOrEqual(width);
      }
    }
  });
});
