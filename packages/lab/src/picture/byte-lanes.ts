import { bytesOf, captionText } from './bytes.ts';
import { BOX_HEIGHT, CAPTION_HEIGHT, HEAD_HEIGHT, PATTERN_HEIGHT, MIN_WIDTH } from './drawing.ts';
import { hasBytes, laneOf, rangeOf } from './flow-index.ts';
import { clipped, placeSlices, rounded, textWidth } from './labels.ts';
import { captionOf, signOf } from './ladder.ts';
import { countBefore, slicesOf } from './message-slices.ts';
import type { Box, Drawing, DrawingOptions, Mark } from './drawing.ts';
import type { FlowIndex, Lane } from './flow-index.ts';
import type { ByteRange, FlowEvent } from './flow.ts';

const HEAD_SPACE = 8;
const LANE_HEIGHT = 6 * PATTERN_HEIGHT;
/** What has no bytes is still to be seen and pointed at. */
const LEAST_WIDTH = 5;
/** Each byte is written down while it has so much room. */
const BYTE_WIDTH = 9;
const TICKS = 4;
/** Most messages that are drawn in the first lane. */
const MAX_MEANT = 400;

interface Scale {
  readonly bytes: ByteRange;
  /** Where the first byte begins. */
  readonly left: number;
  readonly pixelsPerByte: number;
  readonly height: number;
}

/** Draws lanes one beneath the other, bytes to the right: what lies beneath each other is the same bytes. */
export function drawByteLanes(index: FlowIndex, options: DrawingOptions): Drawing {
  const width = Math.max(MIN_WIDTH, Math.floor(options.width));
  const { events } = index.flow;
  const last = Math.min(events.length, options.first + options.count);
  const shown = events.slice(options.first, last);
  const scale = scaleOf(shown, width, HEAD_HEIGHT + index.lanes.length * LANE_HEIGHT);
  const top = new Map(index.lanes.map((lane, at): [Lane, number] => [lane, HEAD_HEIGHT + at * LANE_HEIGHT]));
  const heads = index.lanes.map((lane) => ({ lane, x: HEAD_SPACE, y: top.get(lane)! + CAPTION_HEIGHT + 15, anchor: 'start' as const }));
  const guides = index.lanes.map((lane) => lineAt(top.get(lane)! + CAPTION_HEIGHT + BOX_HEIGHT / 2, scale.left, width));
  const boxes = shown.map((event, at) => boxOf(index, event, options.first + at, scale, top.get(laneOf(event, index))!));
  const meant = top.get('meant');
  return {
    width,
    height: scale.height,
    heads,
    guides,
    ribbons: [],
    marks: marksOf(index, scale),
    boxes: meant === undefined ? boxes : [...meantBoxes(index, scale, meant), ...boxes],
  };
}

function scaleOf(events: readonly FlowEvent[], width: number, height: number): Scale {
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const event of events) {
    const range = rangeOf(event);
    if (range === undefined) continue;
    start = Math.min(start, range.start);
    end = Math.max(end, range.end);
  }
  const bytes = { start: Math.min(start, end), end: Math.max(end, Math.min(start, end) + 1) };
  const left = Math.min(96, Math.max(68, width * 0.12));
  return { bytes, left, height, pixelsPerByte: (width - left - LEAST_WIDTH - 1) / (bytes.end - bytes.start) };
}

function xOf(offset: number, { bytes, left, pixelsPerByte }: Scale): number {
  return rounded(left + (offset - bytes.start) * pixelsPerByte);
}

function boxOf(index: FlowIndex, event: FlowEvent, at: number, scale: Scale, y: number): Box {
  const { flow, messages } = index;
  const range = rangeOf(event) ?? { start: scale.bytes.end, end: scale.bytes.end };
  const hasSlices = hasBytes(event, flow);
  const { x, width } = placeOf(range, scale);
  const slices = placeSlices(hasSlices ? slicesOf(messages, range) : [], { x, width, isToScale: true });
  const texts = { caption: captionOf(event, range, width), sign: signOf(event, hasSlices, width) };
  const place = { lane: laneOf(event, index), x, y: y + CAPTION_HEIGHT, width, height: BOX_HEIGHT };
  return { event: at, kind: event.type, ...range, ...place, ...texts, slices, isLost: index.lost.has(at) };
}

function meantBoxes({ flow, messages }: FlowIndex, scale: Scale, y: number): readonly Box[] {
  const { start, end } = scale.bytes;
  const first = countBefore(messages, (message) => message.end <= start && message.start < start);
  const last = Math.min(
    first + MAX_MEANT,
    countBefore(messages, (message) => message.start < end),
  );
  return messages.slice(first, last).map((message, at): Box => {
    const range = { start: Math.max(start, message.start), end: Math.min(end, message.end) };
    const { x, width } = placeOf(range, scale);
    const own = slicesOf([message], range).map((slice) => ({ ...slice, message: first + at + 1 }));
    const slices = placeSlices(own, { x, width, isToScale: true });
    const caption = clipped(width, captionText(bytesOf(flow, range, 64)));
    const place = { lane: 'meant' as const, x, y: y + CAPTION_HEIGHT, width, height: BOX_HEIGHT };
    return { event: null, kind: 'meant', ...message, ...place, caption, sign: '', slices, isLost: false };
  });
}

function placeOf({ start, end }: ByteRange, scale: Scale): { readonly x: number; readonly width: number } {
  const x = xOf(start, scale);
  return { x, width: rounded(Math.max(LEAST_WIDTH, xOf(end, scale) - x)) };
}

function marksOf({ flow }: FlowIndex, scale: Scale): readonly Mark[] {
  const { bytes, pixelsPerByte } = scale;
  if (pixelsPerByte < BYTE_WIDTH) return ticks(scale);
  return Array.from(bytesOf(flow, bytes, bytes.end - bytes.start), (byte, at): Mark => {
    const text = byte > 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : '·';
    return { x: rounded(xOf(bytes.start + at, scale) + pixelsPerByte / 2), y: 16, anchor: 'middle', text };
  });
}

function ticks(scale: Scale): readonly Mark[] {
  const { start, end } = scale.bytes;
  const step = Math.max(1, Math.ceil((end - start) / TICKS));
  const last: Mark = { x: xOf(end, scale), y: 16, anchor: 'end', text: `${end}` };
  const offsets = Array.from({ length: TICKS }, (_, at) => start + at * step).filter((offset) => offset < end);
  const marks = offsets.map((offset): Mark => ({ x: xOf(offset, scale), y: 16, anchor: 'start', text: `${offset}` }));
  return [...marks.filter(({ x, text }) => x + textWidth(text) < last.x - textWidth(last.text) - LEAST_WIDTH), last];
}

function lineAt(
  y: number,
  left: number,
  width: number,
): { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number } {
  return { x1: rounded(left), y1: y, x2: width, y2: y };
}
