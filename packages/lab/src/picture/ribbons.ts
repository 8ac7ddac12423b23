import { BOX_HEIGHT, HEAD_HEIGHT } from './drawing.ts';
import { hasBytes, sourcesWithin } from './flow-index.ts';
import { rounded } from './labels.ts';
import { slicesOf } from './message-slices.ts';
import type { Box, Edge, Ribbon } from './drawing.ts';
import type { FlowIndex, Hop, IndexedSource } from './flow-index.ts';
import type { ByteRange } from './flow.ts';

/** More ribbons to one box are no longer told apart. */
const MAX_RIBBONS = 48;
/** A byte of many is to be seen. */
const LEAST_HEIGHT = 1.5;
/** What was written further up comes in from the top, from nowhere. */
const ABOVE = HEAD_HEIGHT - 4;

/** Where the ribbons of a picture begin when their box is not drawn, and where they end; in pixels. */
export interface RibbonWay {
  readonly fromX: number;
  readonly toX: number;
}

/** A ribbon for each message of each box that bytes of a hop went to, from each that brought bytes of it. */
export function ribbonsOf(index: FlowIndex, hop: Hop, boxes: readonly Box[], way: RibbonWay): readonly Ribbon[] {
  const { flow } = index;
  const isSource = ({ event, lane }: Box): boolean => event !== null && lane === hop.from && hasBytes(flow.events[event]!, flow);
  const sources = new Map(boxes.filter(isSource).map((box) => [box.event, box]));
  return boxes.flatMap((box) => {
    const { event } = box;
    if (event === null || box.lane !== hop.to || !hasBytes(flow.events[event]!, flow)) return [];
    const found = sourcesWithin(hop, box, MAX_RIBBONS).flatMap((source) => waysOf(index, source, box));
    return found.slice(0, MAX_RIBBONS).map(({ source, range, message }): Ribbon => {
      const from = sources.get(source.event);
      const left = from === undefined ? { x: way.fromX, top: ABOVE, bottom: ABOVE } : edgeOf(from, range, from.x + from.width);
      return { from: source.event, to: event, message, ...range, left, right: edgeOf(box, range, way.toX) };
    });
  });
}

interface Way {
  readonly source: IndexedSource;
  readonly range: ByteRange;
  readonly message: number | null;
}

/** What a box got of one source, message by message. A datagram without bytes is one way. */
function waysOf({ messages }: FlowIndex, source: IndexedSource, box: ByteRange): readonly Way[] {
  const range = { start: Math.max(source.start, box.start), end: Math.min(source.end, box.end) };
  const slices = slicesOf(messages, range);
  if (slices.length === 0) return [{ source, range, message: null }];
  return slices.map(({ start, end, message }) => ({ source, range: { start, end }, message }));
}

/** The share of a box's height that is the range's share of its bytes. */
function edgeOf(box: Box, { start, end }: ByteRange, x: number): Edge {
  const bytes = box.end - box.start;
  const heightOf = (offset: number): number => (bytes === 0 ? 0 : (BOX_HEIGHT * (offset - box.start)) / bytes);
  const top = Math.min(box.y + heightOf(start), box.y + BOX_HEIGHT - LEAST_HEIGHT);
  return { x: rounded(x), top: rounded(top), bottom: rounded(Math.max(top + LEAST_HEIGHT, box.y + heightOf(end))) };
}
