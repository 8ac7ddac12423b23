import { countBefore } from './message-slices.ts';
import type { ByteRange, RecordedFlow, FlowEvent } from './flow.ts';

/**
 * A lane of a picture: what the sender meant, wrote, which segments went, what was read, what was made of it; or as a proxy sees it:
 * what came, what it sent on, by when that was read.
 */
export type Lane = 'meant' | 'write' | 'segment' | 'read' | 'decoded' | 'came' | 'forwarded' | 'confirmed';

/** Bytes of the flow, and which of the events brought them. */
export interface IndexedSource extends ByteRange {
  readonly event: number;
}

/** Where bytes went from one lane to another. */
export interface Hop {
  readonly from: Lane;
  readonly to: Lane;
  /** What is in the lane that they came from, in the order of its bytes. */
  readonly sources: readonly IndexedSource[];
}

/** A flow, with what is looked up often. */
export interface FlowIndex {
  readonly flow: RecordedFlow;
  /** In the order of their bytes. */
  readonly messages: readonly ByteRange[];
  /** The steps on the way of the bytes that are drawn as ribbons: from writes to reads, by way of their segments where those were captured. */
  readonly hops: readonly Hop[];
  /** The lanes that have something in them, from the sender to the receiver. */
  readonly lanes: readonly Lane[];
  /** The lane that bytes come from, the one that they go to, and the one whose sizes are told. */
  readonly way: { readonly from: Lane; readonly to: Lane; readonly sized: 'read' | 'forwarded' | 'segment' };
  /** The size of each read that brought bytes and is kept; of a proxy, of each piece that it sent on; of a capture, of each segment. */
  readonly sizes: readonly number[];
  /** Datagrams that were sent and never read, by their event. Nothing is said of them where not all events are kept. */
  readonly lost: ReadonlySet<number>;
}

const WAYS = {
  ends: { from: 'write', to: 'read', sized: 'read' },
  proxy: { from: 'came', to: 'forwarded', sized: 'forwarded' },
  capture: { from: 'segment', to: 'decoded', sized: 'segment' },
} as const;

/** Prepares a flow for being drawn. */
export function indexFlow(flow: RecordedFlow): FlowIndex {
  const { events, seenBy } = flow;
  const way = WAYS[seenBy];
  const sizes = events.flatMap((each) => (each.type === way.sized && !isEndOfStream(each, flow) ? [each.end - each.start] : []));
  const lanes = lanesOf(flow);
  const stops = [way.from, ...(way.from !== 'segment' && lanes.includes('segment') ? (['segment'] as const) : [])];
  const hops = stops.map((from, at): Hop => ({ from, to: stops[at + 1] ?? way.to, sources: sourcesOf(events, from) }));
  return {
    flow,
    messages: inOrder(flow.messages),
    hops,
    lanes,
    way,
    sizes,
    lost: lostOf(flow, hops[0]!.sources),
  };
}

function sourcesOf(events: readonly FlowEvent[], type: FlowEvent['type']): readonly IndexedSource[] {
  return inOrder(
    events.flatMap((each, event) => {
      const range = each.type === type ? rangeOf(each) : undefined;
      return range === undefined ? [] : [{ event, start: range.start, end: range.end }];
    }),
  );
}

function lanesOf({ seenBy, messages, totals }: RecordedFlow): readonly Lane[] {
  const meant: readonly Lane[] = messages.length > 0 ? ['meant'] : [];
  if (seenBy === 'proxy') return [...meant, 'came', 'forwarded', ...(totals.confirmed > 0 ? (['confirmed'] as const) : [])];
  if (seenBy === 'capture') return ['segment', 'decoded'];
  const decoded: readonly Lane[] = totals.message + totals.fault > 0 ? ['decoded'] : [];
  return [...meant, 'write', ...(totals.segment > 0 ? (['segment'] as const) : []), 'read', ...decoded];
}

function lostOf({ transport, events, omittedEvents }: RecordedFlow, sources: readonly IndexedSource[]): ReadonlySet<number> {
  if (transport !== 'udp' || omittedEvents > 0) return new Set();
  const read = new Set(events.flatMap((event) => (event.type === 'read' ? [event.start] : [])));
  return new Set(sources.flatMap(({ event, start, end }) => (end > start && !read.has(start) ? [event] : [])));
}

/** The lane that an event is in. */
export function laneOf(event: FlowEvent, { way }: Pick<FlowIndex, 'way'>): Lane {
  if (event.type === 'end') return event.side === 'sender' ? way.from : way.to;
  if (event.type === 'handshake') return event.step === 'accepted' ? way.to : way.from;
  return event.type === 'message' || event.type === 'fault' ? 'decoded' : event.type;
}

/** The bytes that an event is about; those of an `end` and of a handshake are none. */
export function rangeOf(event: FlowEvent): ByteRange | undefined {
  if (event.type === 'end' || event.type === 'handshake') return undefined;
  return event.type === 'fault' ? { start: event.start, end: event.start } : event;
}

/** Whether it is the read that tells a stream's receiver that no more comes. */
export function isEndOfStream(event: FlowEvent, { transport }: RecordedFlow): boolean {
  return event.type === 'read' && event.start === event.end && transport === 'tcp';
}

/** Whether there is something in it: bytes that were written, sent, read or made a message. */
export function hasBytes(event: FlowEvent, flow: RecordedFlow): boolean {
  return event.type !== 'fault' && rangeOf(event) !== undefined && !isEndOfStream(event, flow);
}

/** The first sources, at most `limit`, that have bytes of a range. A datagram without bytes is found by where it stands. */
export function sourcesWithin({ sources }: Hop, { start, end }: ByteRange, limit: number): readonly IndexedSource[] {
  const found: IndexedSource[] = [];
  for (let at = countBefore(sources, (source) => source.end < start); at < sources.length && found.length < limit; at++) {
    const source = sources[at]!;
    if (source.start > end || (source.start === end && start !== end)) break;
    const isMeant = start === end ? source.start === start && source.end === end : source.end > start;
    if (isMeant) found.push(source);
  }
  return found;
}

function inOrder<Range extends ByteRange>(ranges: readonly Range[]): readonly Range[] {
  const isOrdered = ranges.every((range, at) => at === 0 || compare(ranges[at - 1]!, range) <= 0);
  return isOrdered ? ranges : ranges.toSorted(compare);
}

function compare(one: ByteRange, other: ByteRange): number {
  return one.start - other.start || one.end - other.end;
}
