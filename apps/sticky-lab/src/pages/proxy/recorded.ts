import type { Text } from '@socklab/lab';
import type { ByteRange, RecordedFlow, FlowEvent, EventTotals } from '@socklab/lab/picture';
import type { Direction } from '@socklab/proxy';

/**
 * The recording of one direction of a connection since the last report. Plain JSON.
 *
 * Its events are those that a proxy sees: `came`, `forwarded` and `confirmed`.
 */
export interface FlowUpdate {
  /** Incremented each time the recording restarts: earlier parts are then invalid. */
  readonly take: number;
  /** How much was reported before. All 0: this is everything. */
  readonly after: { readonly events: number; readonly messages: number; readonly shownBytes: number };
  readonly events: readonly FlowEvent[];
  /** The found frames, if the proxy has a framing. */
  readonly messages: readonly ByteRange[];
  /** How many more were found. */
  readonly omittedMessages: number;
  /** The next bytes, in hex. */
  readonly hex: string;
  /** Bytes read from the source since the recording began. */
  readonly totalBytes: number;
  /** Number of events beyond those that are kept. */
  readonly omittedEvents: number;
  readonly totals: EventTotals;
}

/** What was recorded of both directions. */
export type ConnectionRecording = Readonly<Record<Direction, FlowUpdate>>;

/** Most events that are kept of one direction of a connection. */
export const MAX_RECORDED_EVENTS = 1000;

/** Most bytes that are kept of one direction of a connection. */
export const MAX_RECORDED_BYTES = 16_384;

const NOTHING_BEFORE: FlowUpdate['after'] = { events: 0, messages: 0, shownBytes: 0 };

const LABELS: Readonly<Record<Direction, Text>> = {
  up: { en: 'client → target', zh: '客户端 → 目标' },
  down: { en: 'target → client', zh: '目标 → 客户端' },
};

/**
 * Merges an update into what is known. Applying it twice changes nothing.
 *
 * @returns everything known now; `undefined` when there is a gap between the two.
 */
export function joinUpdate(known: FlowUpdate | undefined, update: FlowUpdate): FlowUpdate | undefined {
  const { take, after } = update;
  if (known !== undefined && take < known.take) return known;
  if (known === undefined || take > known.take) return isWhole(update) ? { ...update, after: NOTHING_BEFORE } : undefined;
  const events = joined(known.events, after.events, update.events);
  const messages = joined(known.messages, after.messages, update.messages);
  const hex = joinedHex(known.hex, after.shownBytes * 2, update.hex);
  if (events === undefined || messages === undefined || hex === undefined) return undefined;
  return {
    take,
    after: NOTHING_BEFORE,
    events,
    messages,
    omittedMessages: Math.max(known.omittedMessages, update.omittedMessages),
    hex,
    totalBytes: Math.max(known.totalBytes, update.totalBytes),
    omittedEvents: Math.max(known.omittedEvents, update.omittedEvents),
    // They only grow: the later one has the larger sum.
    totals: sumOf(update.totals) < sumOf(known.totals) ? known.totals : update.totals,
  };
}

/** The recording of one direction for a picture. */
export function flowOf(recording: FlowUpdate, connection: number, direction: Direction): RecordedFlow {
  const { hex, totalBytes, messages, omittedMessages, events, omittedEvents, totals } = recording;
  return {
    id: connection * 2 + (direction === 'up' ? 0 : 1),
    label: LABELS[direction],
    transport: 'tcp',
    seenBy: 'proxy',
    hex,
    totalBytes,
    messages,
    omittedMessages,
    events,
    omittedEvents,
    totals,
    segments: [],
  };
}

function sumOf(totals: EventTotals): number {
  return Object.values(totals).reduce((sum, count) => sum + count, 0);
}

function isWhole({ after }: FlowUpdate): boolean {
  return after.events === 0 && after.messages === 0 && after.shownBytes === 0;
}

function joined<Item>(known: readonly Item[], after: number, added: readonly Item[]): readonly Item[] | undefined {
  if (after > known.length) return undefined;
  return after + added.length <= known.length ? known : [...known.slice(0, after), ...added];
}

function joinedHex(known: string, after: number, added: string): string | undefined {
  if (after > known.length) return undefined;
  return after + added.length <= known.length ? known : known.slice(0, after) + added;
}
