import type { ByteRange } from './flow.ts';

/** The bytes of one message within a range, or bytes that belong to none. */
export interface MessageSlice extends ByteRange {
  /** Which message, counting from 1; `null` when it is none, or several. */
  readonly message: number | null;
  /** Whether the first byte of the message is here. */
  readonly hasStart: boolean;
  /** Whether the last byte of the message is here. */
  readonly hasEnd: boolean;
  /** How many messages it stands for when they are too many to be told apart; 0 otherwise. */
  readonly merged: number;
}

/** Most parts that a range is told apart into. What is beyond becomes one part. */
export const MAX_SLICES = 16;

/** Divides a range at the boundaries of messages, which are in the order of their bytes. */
export function slicesOf(messages: readonly ByteRange[], range: ByteRange, maxSlices: number = MAX_SLICES): readonly MessageSlice[] {
  const slices: MessageSlice[] = [];
  const last = countBefore(messages, (message) => message.start < range.end || isSame(message, range));
  let at = range.start;
  let index = firstOf(messages, range);
  for (; index < last && slices.length < maxSlices; index++) {
    const message = messages[index]!;
    if (message.start > at) slices.push(between(at, message.start));
    slices.push(sliceOf(message, index + 1, range));
    at = Math.max(at, message.end);
  }
  if (index < last) slices.push({ ...between(at, range.end), merged: last - index });
  else if (at < range.end) slices.push(between(at, range.end));
  return slices;
}

/** The messages that begin in a range, by the index of the first and of the one after the last. */
export function messagesBeginningIn(messages: readonly ByteRange[], range: ByteRange): ByteRange {
  const start = countBefore(messages, (message) => message.start < range.start);
  const end = countBefore(messages, (message) => message.start < range.end || isSame(message, range));
  return { start, end: Math.max(start, end) };
}

/** How many of the items are at the front for which `isBefore` holds. It must hold for none after the first for which it does not. */
export function countBefore<Item>(items: readonly Item[], isBefore: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first message with a byte in the range; one without any bytes is where it stands. */
function firstOf(messages: readonly ByteRange[], { start }: ByteRange): number {
  return countBefore(messages, (message) => message.end < start || (message.end === start && message.start < start));
}

function sliceOf(message: ByteRange, number: number, { start, end }: ByteRange): MessageSlice {
  return {
    message: number,
    start: Math.max(message.start, start),
    end: Math.min(message.end, end),
    hasStart: message.start >= start,
    hasEnd: message.end <= end,
    merged: 0,
  };
}

function between(start: number, end: number): MessageSlice {
  return { message: null, start, end, hasStart: true, hasEnd: true, merged: 0 };
}

function isSame(one: ByteRange, other: ByteRange): boolean {
  return one.start === other.start && one.end === other.end;
}
