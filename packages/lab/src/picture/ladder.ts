import { bytesOf, captionText } from './bytes.ts';
import { BOX_HEIGHT, CAPTION_HEIGHT, HEAD_HEIGHT, PATTERN_HEIGHT, MIN_WIDTH } from './drawing.ts';
import { hasBytes, laneOf, rangeOf } from './flow-index.ts';
import { clipped, fitting, offsets, placeSlices, rangeCaption, rounded } from './labels.ts';
import { messagesBeginningIn, slicesOf } from './message-slices.ts';
import { ribbonsOf } from './ribbons.ts';
import type { Box, Drawing, DrawingOptions, Mark } from './drawing.ts';
import type { FlowIndex, Lane } from './flow-index.ts';
import type { ByteRange, FlowEvent, HandshakeStep } from './flow.ts';
import type { MessageSlice } from './message-slices.ts';

const ROW_HEIGHT = 5 * PATTERN_HEIGHT;
/** A pause is seen as a gap; more for each power of ten. */
const PAUSE_HEIGHT = PATTERN_HEIGHT;
const SHORTEST_PAUSE_US = 1000;
const MAX_PAUSE_STEPS = 4;
const LANE_SPACE = 8;
/** A caption has room for fewer. */
const CAPTION_BYTES = 64;

/** How wide lanes are, compared with each other. */
const WEIGHTS: Readonly<Record<Lane, number>> = {
  meant: 0.9,
  write: 1.1,
  segment: 1.1,
  read: 1.1,
  decoded: 1,
  came: 1.1,
  forwarded: 1.1,
  confirmed: 1.1,
};

interface Column {
  readonly x: number;
  readonly width: number;
}

type Columns = Partial<Record<Lane, Column>>;

interface Scale {
  readonly columns: Columns;
  /** What is as wide as its lane. */
  readonly mostBytes: number;
}

interface MeantPlace {
  readonly column: Column;
  readonly mostBytes: number;
}

/** Enough for the number of a message. */
const LEAST_WIDTH = 18;
/** Enough for the end of a stream. */
const SIGN_WIDTH = 40;
const HANDSHAKE_WIDTH = 70;

interface Row {
  readonly event: number;
  readonly y: number;
}

/** Draws events one beneath the other, in the order of time: lanes from the sender on the left to the receiver on the right. */
export function drawLadder(index: FlowIndex, options: DrawingOptions): Drawing {
  const width = Math.max(MIN_WIDTH, Math.floor(options.width));
  const { events } = index.flow;
  const columns = columnsOf(index, width);
  const mostBytes = mostBytesOf(events.slice(options.first, options.first + options.count));
  const rows = rowsOf(events, options);
  const height = (rows.at(-1)?.y ?? HEAD_HEIGHT) + ROW_HEIGHT;
  const heads = index.lanes.map((lane) => ({ lane, x: center(columns[lane]!), y: 15, anchor: 'middle' as const }));
  const guides = heads.map(({ x }) => ({ x1: x, y1: HEAD_HEIGHT - 4, x2: x, y2: height }));
  const timeEdge = rounded(timeWidth(width) - 8);
  const unit: Mark = { x: timeEdge, y: 15, anchor: 'end', text: 'ms' };
  const marks = [unit, ...rows.map((row) => timeMark(events[row.event]!.us, timeEdge, row.y))];
  const boxes = rows.flatMap((row) => boxesOf(index, { columns, mostBytes }, row));
  const ribbons = index.hops.flatMap((hop) => {
    const from = columns[hop.from]!;
    return ribbonsOf(index, hop, boxes, { fromX: from.x + from.width, toX: columns[hop.to]!.x });
  });
  return { width, height, heads, guides, marks, boxes, ribbons };
}

function mostBytesOf(events: readonly FlowEvent[]): number {
  return events.reduce((most, event) => {
    const range = rangeOf(event);
    return range === undefined ? most : Math.max(most, range.end - range.start);
  }, 1);
}

/** A box is as wide as it has bytes, compared with the others that are drawn. */
function widthOf({ start, end }: ByteRange, { width }: Column, mostBytes: number): number {
  return rounded(Math.min(width, Math.max(LEAST_WIDTH, (width * (end - start)) / mostBytes)));
}

/** What has no bytes is not as large as what has many. */
function signWidth({ type }: FlowEvent, { width }: Column): number {
  if (type === 'fault') return width;
  return Math.min(width, type === 'handshake' ? HANDSHAKE_WIDTH : SIGN_WIDTH);
}

function timeWidth(width: number): number {
  return Math.min(72, Math.max(60, width * 0.1));
}

function columnsOf({ lanes, hops }: FlowIndex, width: number): Columns {
  // Ribbons go from where bytes come from to where they go.
  const gap = Math.min(64, Math.max(20, width * 0.07)) * (hops.length > 1 ? 1 : 1.5);
  const weight = lanes.reduce((sum, lane) => sum + WEIGHTS[lane], 0);
  const left = timeWidth(width);
  const free = width - left - gap * hops.length - LANE_SPACE * (lanes.length - 1) - 2;
  const columns: Columns = {};
  let x = left;
  for (const lane of lanes) {
    const laneWidth = (free * WEIGHTS[lane]) / weight;
    columns[lane] = { x: rounded(x), width: rounded(laneWidth) };
    x += laneWidth + LANE_SPACE + (hops.some(({ from }) => from === lane) ? gap : 0);
  }
  return columns;
}

function rowsOf(events: readonly FlowEvent[], { first, count }: DrawingOptions): readonly Row[] {
  const last = Math.min(events.length, first + count);
  const rows: Row[] = [];
  let y = HEAD_HEIGHT;
  for (let event = first; event < last; event++) {
    if (event > first) y += pauseHeight(events[event]!.us - events[event - 1]!.us);
    rows.push({ event, y });
    y += ROW_HEIGHT;
  }
  return rows;
}

function pauseHeight(us: number): number {
  if (us < SHORTEST_PAUSE_US) return 0;
  return PAUSE_HEIGHT * Math.min(MAX_PAUSE_STEPS, 1 + Math.floor(Math.log10(us / SHORTEST_PAUSE_US)));
}

function timeMark(us: number, x: number, y: number): Mark {
  return { x, y: y + CAPTION_HEIGHT + 15, anchor: 'end', text: fitting(x, (us / 1000).toFixed(3), (us / 1000).toFixed(1)) };
}

function boxesOf(index: FlowIndex, { columns, mostBytes }: Scale, { event, y }: Row): readonly Box[] {
  const { flow, messages } = index;
  const each = flow.events[event]!;
  const lane = laneOf(each, index);
  const column = columns[lane]!;
  const range = rangeOf(each) ?? { start: 0, end: 0 };
  const hasSlices = hasBytes(each, flow);
  const slices = hasSlices ? slicesOf(messages, range) : [];
  const boxWidth = hasSlices ? widthOf(range, column, mostBytes) : signWidth(each, column);
  const place = { lane, x: column.x, y: y + CAPTION_HEIGHT, width: boxWidth, height: BOX_HEIGHT };
  const texts = { caption: captionOf(each, range, column.width), sign: signOf(each, hasSlices, column.width) };
  const box: Box = {
    event,
    kind: each.type,
    ...range,
    ...place,
    ...texts,
    isLost: index.lost.has(event),
    slices: placeSlices(slices, { x: column.x, width: boxWidth, isToScale: false }),
  };
  const isMeant = each.type === index.way.from && columns.meant !== undefined;
  const meant = isMeant ? meantBox(index, { column: columns.meant!, mostBytes }, box) : undefined;
  return meant === undefined ? [box] : [meant, box];
}

/** The messages whose first byte is in this write stand beside it. */
function meantBox({ flow, messages }: FlowIndex, { column, mostBytes }: MeantPlace, write: Box): Box | undefined {
  const { start, end } = messagesBeginningIn(messages, write);
  if (start === end) return undefined;
  const range = { start: messages[start]!.start, end: messages[end - 1]!.end };
  const slices = slicesOf(messages, range).filter((slice) => isOneOf(slice, start, end));
  const caption =
    end - start === 1
      ? clipped(column.width, captionText(bytesOf(flow, range, CAPTION_BYTES)))
      : fitting(column.width, `${start + 1}–${end}`, `${end - start}`);
  const width = widthOf(range, column, mostBytes);
  const place = { x: column.x, y: write.y, width, height: BOX_HEIGHT };
  const placed = placeSlices(slices, { x: column.x, width, isToScale: false });
  return { event: write.event, kind: 'meant', lane: 'meant', ...range, ...place, caption, sign: '', isLost: false, slices: placed };
}

function isOneOf({ message, merged }: MessageSlice, start: number, end: number): boolean {
  return merged > 0 || (message !== null && message > start && message <= end);
}

const SIGNS: Readonly<Record<HandshakeStep, string>> = { connect: 'connect()', connected: 'connected', accepted: 'accept()' };

/** What stands above a box. */
export function captionOf(event: FlowEvent, range: ByteRange, width: number): string {
  if (event.type === 'end' || event.type === 'handshake') return '';
  if (event.type === 'fault') return fitting(width, offsets(range));
  if (event.type === 'message') return clipped(width, event.text);
  return rangeCaption(range, width);
}

/** What stands in a box without parts: words that are the same in every language. */
export function signOf(event: FlowEvent, hasSlices: boolean, width: number): string {
  if (event.type === 'fault') return '✕';
  if (event.type === 'end') return fitting(width, event.isReset ? 'RST' : 'FIN');
  if (event.type === 'handshake') return fitting(width, SIGNS[event.step]);
  return hasSlices ? '' : fitting(width, 'EOF', '∅');
}

function center({ x, width }: Column): number {
  return rounded(x + width / 2);
}
