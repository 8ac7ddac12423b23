import { NO_EVENTS, textOf } from '@socklab/lab/picture';
import { MAX_BENCH_BYTES } from './reading.ts';
import type { Dissection } from './dissect.ts';
import type { Bytes } from '@socklab/framing';
import type { RecordedFlow, FlowEvent } from '@socklab/lab/picture';
import type { CapturedStream, StreamSide } from '@socklab/service/capture';

/** A caption has room for fewer. */
const TEXT_BYTES = 64;

/** One side of a captured connection, as far as the bench takes it. */
export interface WireSide {
  readonly bytes: Bytes;
  /** Where each segment lies in the bytes, and when it was on the network. */
  readonly segments: readonly WireSegment[];
  /** Why there are no more; `undefined` when these are all. */
  readonly stop: 'gap' | 'limit' | undefined;
  readonly end: { readonly us: number; readonly isReset: boolean } | undefined;
}

type WireSegment = Extract<FlowEvent, { readonly type: 'segment' }>;

/** The bytes that one side of a captured connection sent: up to the first that the capture lacks, and at most {@link MAX_BENCH_BYTES}. */
export function wireSide({ events }: CapturedStream, side: StreamSide): WireSide {
  const bytes: number[] = [];
  const segments: WireSegment[] = [];
  for (const { from, ms, bytes: chunk, missingBytes, end } of events) {
    if (from !== side) continue;
    const us = Math.round(ms * 1000);
    if (end !== undefined) return { bytes: Uint8Array.from(bytes), segments, stop: undefined, end: { us, isReset: end === 'reset' } };
    if (missingBytes !== undefined) return { bytes: Uint8Array.from(bytes), segments, stop: 'gap', end: undefined };
    if (chunk === undefined) continue;
    const start = bytes.length;
    bytes.push(...chunk.subarray(0, MAX_BENCH_BYTES - start));
    segments.push({ type: 'segment', us, start, end: bytes.length });
    if (start + chunk.length > MAX_BENCH_BYTES) return { bytes: Uint8Array.from(bytes), segments, stop: 'limit', end: undefined };
  }
  return { bytes: Uint8Array.from(bytes), segments, stop: undefined, end: undefined };
}

/** The segments of a side beside the messages that a framing finds in its bytes: each message where its last segment came. */
export function wireFlow({ bytes, segments, end }: WireSide, { framing, frames, fault }: Dissection): RecordedFlow {
  const messages = frames.map(({ start, end: last, payload }): Found => {
    return { type: 'message', start, end: last, text: textOf(Uint8Array.from(payload.subarray(0, TEXT_BYTES))) };
  });
  const found: readonly Found[] =
    fault === undefined
      ? messages
      : [...messages, { type: 'fault', start: fault.start, end: fault.end, reason: { en: fault.message, zh: fault.code } }];
  const events: FlowEvent[] = [];
  let next = 0;
  for (const segment of segments) {
    events.push(segment);
    for (; next < found.length && found[next]!.end <= segment.end; next++) events.push({ ...found[next]!, us: segment.us });
  }
  if (end !== undefined) events.push({ type: 'end', us: end.us, side: 'sender', isReset: end.isReset });
  const totals = { ...NO_EVENTS };
  for (const { type } of events) totals[type]++;
  return {
    id: 1,
    label: { en: framing, zh: framing },
    transport: 'tcp',
    seenBy: 'capture',
    hex: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    totalBytes: bytes.length,
    messages: frames.map(({ start, end: last }) => ({ start, end: last })),
    omittedMessages: 0,
    events,
    omittedEvents: 0,
    totals,
    segments: [],
  };
}

type Found = { readonly start: number; readonly end: number } & (
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'fault'; readonly reason: { readonly en: string; readonly zh: string } }
);
