import { bytesOf, textOf } from './bytes.ts';
import { HEAD_HEIGHT, MIN_WIDTH } from './drawing.ts';
import { clipped, rounded } from './labels.ts';
import type { Text } from '../text.ts';
import type { Mark } from './drawing.ts';
import type { Between, RecordedFlow } from './flow.ts';

/** More sockets have no room beside each other. */
const MAX_PEERS = 13;
/** Two sockets are a ladder of their own. */
const MIN_PEERS = 3;
const MAX_DATAGRAMS = 60;
const ROW_HEIGHT = 14;
const TIME_WIDTH = 60;
/** Room for what a datagram says, on both sides. */
const TEXT_WIDTH = 54;
const TEXT_BYTES = 32;

/** A datagram on its way, in pixels: from the row of its send to the row of its read. */
export interface DrawnDatagram {
  readonly from: Between['from'];
  readonly to: Between['to'];
  readonly text: string;
  /** What it says, counting from 1 in the order in which it was first said: datagrams that say the same look the same. */
  readonly message: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  /** `null` where it was never read. */
  readonly y2: number | null;
  /** When it was sent, and when it was read, in microseconds since the first event of the run. */
  readonly sentUs: number;
  readonly readUs: number | null;
}

/** All sockets of a run beside each other, and what went between them, in the order of time. */
export interface PeersDrawing {
  readonly width: number;
  readonly height: number;
  readonly peers: readonly { readonly name: Text; readonly x: number }[];
  readonly datagrams: readonly DrawnDatagram[];
  readonly marks: readonly Mark[];
  /** How many more datagrams there were. */
  readonly omitted: number;
}

interface Datagram {
  readonly between: Between;
  readonly text: string;
  readonly sent: number;
  readonly read: number | null;
}

/** Draws several flows as one ladder with a line for each socket; `undefined` where their sockets have no names, or are too many. */
export function drawPeers(list: readonly RecordedFlow[], wanted: number): PeersDrawing | undefined {
  const width = Math.max(MIN_WIDTH, Math.floor(wanted));
  const names = new Map<string, Text>();
  for (const { between } of list) {
    if (between === undefined) return undefined;
    for (const name of [between.from, between.to]) names.set(name.en, name);
  }
  if (names.size < MIN_PEERS || names.size > MAX_PEERS) return undefined;
  const all = list.flatMap(datagramsOf).toSorted((one, other) => one.sent - other.sent);
  const shown = all.slice(0, MAX_DATAGRAMS);
  const step = (width - TIME_WIDTH - 2 * TEXT_WIDTH) / (names.size - 1);
  const columns = new Map([...names.keys()].map((name, at) => [name, rounded(TIME_WIDTH + TEXT_WIDTH + at * step)]));
  const rows = rowsOf(shown);
  const says = new Map<string, number>();
  const datagrams = shown.map(({ between: { from, to }, text, sent, read }): DrawnDatagram => {
    if (!says.has(text)) says.set(text, says.size + 1);
    return {
      from,
      to,
      text: clipped(TEXT_WIDTH, text),
      message: says.get(text)!,
      x1: columns.get(from.en)!,
      y1: rows.get(sent)!,
      x2: columns.get(to.en)!,
      y2: read === null ? null : rows.get(read)!,
      sentUs: sent,
      readUs: read,
    };
  });
  const marks = [...rows].map(([us, y]): Mark => ({ x: TIME_WIDTH, y: y + 4, anchor: 'end', text: (us / 1000).toFixed(3) }));
  return {
    width,
    height: Math.max(...rows.values(), HEAD_HEIGHT) + ROW_HEIGHT,
    peers: [...names].map(([name, text]) => ({ name: text, x: columns.get(name)! })),
    datagrams,
    marks: [{ x: TIME_WIDTH, y: 15, anchor: 'end', text: 'ms' }, ...marks],
    omitted: all.length - shown.length,
  };
}

/** A row for each time at which something happened. */
function rowsOf(datagrams: readonly Datagram[]): ReadonlyMap<number, number> {
  const times = new Set(datagrams.flatMap(({ sent, read }) => (read === null ? [sent] : [sent, read])));
  const sorted = [...times].toSorted((one, other) => one - other);
  return new Map(sorted.map((us, at) => [us, HEAD_HEIGHT + (at + 1) * ROW_HEIGHT]));
}

function datagramsOf(flow: RecordedFlow): readonly Datagram[] {
  const { events, between } = flow;
  const reads = new Map(events.flatMap((event) => (event.type === 'read' ? [[event.start, event.us] as const] : [])));
  return events.flatMap((event) => {
    if (event.type !== 'write' || between === undefined) return [];
    return [{ between, text: textOf(bytesOf(flow, event, TEXT_BYTES)), sent: event.us, read: reads.get(event.start) ?? null }];
  });
}
