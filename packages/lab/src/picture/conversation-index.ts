import { countBefore } from './parts.ts';
import type { ByteRange, Conversation, ConversationEvent } from './conversation.ts';

/** A lane of a picture: what the sender meant, wrote, what its kernel sent, what was read, what was made of it. */
export type Lane = 'meant' | 'write' | 'segments' | 'read' | 'decoded';

/** All lanes, from the sender to the receiver. */
export const LANES: readonly Lane[] = ['meant', 'write', 'segments', 'read', 'decoded'];

/** A write, and which of the events it is. */
export interface IndexedWrite extends ByteRange {
  readonly event: number;
}

/** A conversation, with what is looked up often. */
export interface ConversationIndex {
  readonly conversation: Conversation;
  /** In the order of their bytes. */
  readonly messages: readonly ByteRange[];
  /** In the order of their bytes. */
  readonly writes: readonly IndexedWrite[];
  /** The lanes that have something in them. Nothing is said of segments when the kernel told nothing. */
  readonly lanes: readonly Lane[];
  /** The size of each read that brought bytes. */
  readonly readSizes: readonly number[];
  /** How many events there are of each kind. */
  readonly counts: Readonly<Record<ConversationEvent['type'], number>>;
}

/** Prepares a conversation for being drawn. */
export function indexConversation(conversation: Conversation): ConversationIndex {
  const counts: Record<ConversationEvent['type'], number> = { write: 0, segments: 0, read: 0, message: 0, fault: 0, end: 0 };
  const writes: IndexedWrite[] = [];
  const readSizes: number[] = [];
  for (const [event, each] of conversation.events.entries()) {
    counts[each.type]++;
    if (each.type === 'write') writes.push({ event, start: each.start, end: each.end });
    if (each.type === 'read' && (each.end > each.start || conversation.transport === 'udp')) readSizes.push(each.end - each.start);
  }
  const isThere: Record<Lane, boolean> = {
    meant: conversation.messages.length > 0,
    write: true,
    segments: counts.segments > 0,
    read: true,
    decoded: counts.message + counts.fault > 0,
  };
  const lanes = LANES.filter((lane) => isThere[lane]);
  return { conversation, messages: inOrder(conversation.messages), writes: inOrder(writes), lanes, readSizes, counts };
}

/** The lane that an event is in. */
export function laneOf(event: ConversationEvent): Lane {
  if (event.type === 'end') return event.side === 'sender' ? 'write' : 'read';
  return event.type === 'message' || event.type === 'fault' ? 'decoded' : event.type;
}

/** The bytes that an event is about; those of an `end` are none. */
export function rangeOf(event: ConversationEvent): ByteRange | undefined {
  if (event.type === 'end') return undefined;
  return event.type === 'fault' ? { start: event.start, end: event.start } : event;
}

/** Whether it is the read that tells a stream's receiver that no more comes. */
export function isEndOfStream(event: ConversationEvent, { transport }: Conversation): boolean {
  return event.type === 'read' && event.start === event.end && transport === 'tcp';
}

/** The first writes, at most `limit`, that have bytes of a range. A datagram without bytes is found by where it stands. */
export function writesWithin({ writes }: ConversationIndex, { start, end }: ByteRange, limit: number): readonly IndexedWrite[] {
  const found: IndexedWrite[] = [];
  for (let at = countBefore(writes, (write) => write.end < start); at < writes.length && found.length < limit; at++) {
    const write = writes[at]!;
    if (write.start > end || (write.start === end && start !== end)) break;
    const isMeant = start === end ? write.start === start && write.end === end : write.end > start;
    if (isMeant) found.push(write);
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
