import { describe, expect, test } from 'vitest';
import { MIN_WIDTH } from '../../src/picture/drawing.ts';
import { indexFlow } from '../../src/picture/flow-index.ts';
import { drawLadder } from '../../src/picture/ladder.ts';
import { event, GLUED, helloAlex } from './picture-flow.ts';
import type { Box, Drawing } from '../../src/picture/drawing.ts';
import type { RecordedFlow } from '../../src/picture/flow.ts';

function draw(flow: RecordedFlow, { width = 900, first = 0, count = 200 } = {}): Drawing {
  return drawLadder(indexFlow(flow), { width, first, count });
}

function eventBoxes({ boxes }: Drawing): readonly Box[] {
  return boxes.filter(({ kind }) => kind !== 'meant');
}

function labels(box: Box | undefined): readonly string[] {
  return box?.slices.map(({ label }) => label) ?? [];
}

/** How much lower a write is drawn than one that was `us` microseconds before it. */
function gapBefore(us: number): number {
  const [one, other] = eventBoxes(draw(helloAlex([event('write', 0, 0, 5), event('write', us, 5, 9)])));
  return other!.y - one!.y;
}

describe('a ladder', () => {
  test('has one box for each event, further down the later it was', () => {
    const drawn = eventBoxes(draw(GLUED));
    expect(drawn.map(({ event: at }) => at)).toEqual([0, 1, 2, 3, 4]);
    expect(drawn.map(({ kind, start, end }) => [kind, start, end])).toEqual([
      ['write', 0, 5],
      ['write', 5, 9],
      ['read', 0, 9],
      ['end', 0, 0],
      ['read', 9, 9],
    ]);
    for (const [at, box] of drawn.slice(1).entries()) expect(box.y).toBeGreaterThanOrEqual(drawn[at]!.y + drawn[at]!.height);
  });

  test('shows a glued read in the parts of both messages, and a cut one with dots', () => {
    expect(labels(eventBoxes(draw(GLUED))[2])).toEqual(['1', '2']);
    const cut = helloAlex([event('write', 0, 0, 9), event('read', 1, 0, 2), event('read', 2, 2, 9)]);
    expect(eventBoxes(draw(cut)).map(labels)).toEqual([['1', '2'], ['1…'], ['…1', '2']]);
  });

  test('has ribbons from the writes by way of their segments, where those were captured', () => {
    const captured = helloAlex([
      event('write', 0, 0, 5),
      event('write', 1, 5, 9),
      event('segment', 2, 0, 3),
      event('segment', 3, 3, 9),
      event('read', 4, 0, 9),
    ]);
    const drawn = draw(captured);
    expect(drawn.ribbons.map(({ from, to, message }) => [from, to, message])).toEqual([
      [0, 2, 1],
      [0, 3, 1],
      [1, 3, 2],
      [2, 4, 1],
      [3, 4, 1],
      [3, 4, 2],
    ]);
    // Each begins at the right edge of its box, and ends at the left edge of the other.
    const [write, , segment, , read] = eventBoxes(drawn);
    expect(drawn.ribbons[0]).toMatchObject({ left: { x: write!.x + write!.width }, right: { x: segment!.x } });
    expect(drawn.ribbons[3]).toMatchObject({ left: { x: segment!.x + segment!.width }, right: { x: read!.x } });
  });

  test('has ribbons from the writes to the read that has their bytes', () => {
    expect(draw(GLUED).ribbons.map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [1, 2],
    ]);
    const datagrams = helloAlex([event('write', 0, 0, 0), event('write', 1, 0, 5), event('read', 2, 0, 0), event('read', 3, 0, 5)], {
      transport: 'udp',
    });
    expect(draw(datagrams).ribbons.map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  test('makes a ribbon as high at both ends as its share of the bytes, one for each message', () => {
    const { ribbons, boxes } = draw(helloAlex([event('write', 0, 0, 9), event('read', 1, 0, 6), event('read', 2, 6, 9)]));
    expect(ribbons.map(({ to, message, start, end }) => [to, message, start, end])).toEqual([
      [1, 1, 0, 5],
      [1, 2, 5, 6],
      [2, 2, 6, 9],
    ]);
    const write = boxes.find(({ kind }) => kind === 'write')!;
    expect(ribbons.map(({ left }) => left.bottom - left.top).reduce((sum, each) => sum + each)).toBeCloseTo(write.height, 0);
    for (const [at, { left }] of ribbons.slice(1).entries()) expect(left.top).toBeCloseTo(ribbons[at]!.left.bottom, 1);
    const [whole] = boxes.filter(({ kind }) => kind === 'read');
    expect([ribbons[0]!.right.top, ribbons[1]!.right.bottom]).toEqual([whole!.y, whole!.y + whole!.height]);
  });

  test('has a lane only for what is known', () => {
    expect(draw(GLUED).heads.map(({ lane }) => lane)).toEqual(['meant', 'write', 'read']);
    const told = helloAlex([event('write', 0, 0, 9), event('read', 2, 0, 9), { type: 'message', us: 3, start: 0, end: 5, text: 'hello' }]);
    expect(draw(told).heads.map(({ lane }) => lane)).toEqual(['meant', 'write', 'read', 'decoded']);
    expect(eventBoxes(draw(told)).map(({ lane, caption }) => [lane, caption])).toEqual([
      ['write', '0–8 · 9 B'],
      ['read', '0–8 · 9 B'],
      ['decoded', 'hello'],
    ]);
  });

  test('names what a proxy saw for what it is: neither a write of the sender nor a read of the receiver', () => {
    const passed = helloAlex([event('came', 0, 0, 9), event('forwarded', 1, 0, 5), event('forwarded', 2, 5, 9)], { seenBy: 'proxy' });
    expect(draw(passed).heads.map(({ lane }) => lane)).toEqual(['meant', 'came', 'forwarded']);
    expect(draw(passed).ribbons.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [0, 2],
    ]);
    const confirmed = helloAlex([event('came', 0, 0, 9), event('forwarded', 1, 0, 9), event('confirmed', 2, 0, 9)], { seenBy: 'proxy' });
    expect(draw(confirmed).heads.map(({ lane }) => lane)).toEqual(['meant', 'came', 'forwarded', 'confirmed']);
  });

  test('marks the datagrams that were never read, unless some events are not kept', () => {
    const events = [event('write', 0, 0, 5), event('write', 1, 5, 9), event('read', 2, 5, 9)];
    const lost = (more: Partial<RecordedFlow>): readonly unknown[] =>
      draw(helloAlex(events, { transport: 'udp', ...more })).boxes.flatMap(({ isLost, event: at }) => (isLost ? [at] : []));
    expect(lost({})).toEqual([0]);
    expect(lost({ omittedEvents: 1 })).toEqual([]);
    expect(lost({ transport: 'tcp' })).toEqual([]);
  });

  test('puts the messages that a write begins beside it', () => {
    const meant = draw(helloAlex([event('write', 0, 0, 9)])).boxes.filter(({ kind }) => kind === 'meant');
    expect(meant.map(labels)).toEqual([['1', '2']]);
    const late = draw(helloAlex([event('write', 0, 0, 6), event('write', 1, 6, 9)])).boxes.filter(({ kind }) => kind === 'meant');
    expect(late.map(({ event: at }) => at)).toEqual([0]);
  });

  test('shows a pause as a gap, a longer one as a wider gap, and none for less than a millisecond', () => {
    expect(gapBefore(999)).toBe(gapBefore(1));
    expect(gapBefore(1000)).toBeGreaterThan(gapBefore(999));
    expect(gapBefore(100_000)).toBeGreaterThan(gapBefore(1000));
    expect(gapBefore(1e12)).toBe(gapBefore(1e9));
  });

  test('makes a box as wide as it has bytes, and one of a byte wide enough for its number', () => {
    const drawn = draw(helloAlex([event('write', 0, 0, 8), event('write', 1, 8, 9), event('read', 2, 0, 4), event('read', 3, 4, 9)]));
    const [wide, narrow, four, five] = eventBoxes(drawn);
    expect(narrow?.width).toBeLessThan(wide!.width / 4);
    expect(narrow?.width).toBeGreaterThanOrEqual(18);
    expect(five!.width / four!.width).toBeCloseTo(5 / 4, 1);
    expect(drawn.ribbons.map(({ from, left }) => [from, left.x])).toContainEqual([1, narrow!.x + narrow!.width]);
  });

  test('keeps every box and text within its width, also on a phone', () => {
    for (const width of [10, MIN_WIDTH, 500, 1400]) {
      const drawn = draw(GLUED, { width });
      expect(drawn.width).toBe(Math.max(width, MIN_WIDTH));
      for (const box of drawn.boxes) {
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(drawn.width);
      }
    }
  });

  test('draws the events asked for and no others; what was written before comes in from the top', () => {
    const drawn = draw(GLUED, { first: 2, count: 2 });
    expect(eventBoxes(drawn).map(({ event: at }) => at)).toEqual([2, 3]);
    expect(drawn.ribbons).toHaveLength(2);
    for (const { left, right } of drawn.ribbons) expect(left.top).toBeLessThan(right.top);
  });

  test('draws nothing of a flow in which nothing happened', () => {
    expect(draw(helloAlex([])).boxes).toEqual([]);
  });
});
