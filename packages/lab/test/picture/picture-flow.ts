import { NO_EVENTS } from '../../src/picture/flow.ts';
import type { RecordedFlow, FlowEvent, EventTotals } from '../../src/picture/flow.ts';

/** The event of a kind at `us` microseconds, of the bytes from `start` up to `end`. */
export function event(
  type: 'write' | 'segment' | 'read' | 'came' | 'forwarded' | 'confirmed',
  us: number,
  start: number,
  end: number,
): FlowEvent {
  return { type, us, start, end };
}

/** A flow of `hello` and `alex`, in which these things happened. */
export function helloAlex(events: readonly FlowEvent[], more: Partial<RecordedFlow> = {}): RecordedFlow {
  return {
    id: 1,
    label: { en: 'two sends', zh: '两次发送' },
    transport: 'tcp',
    seenBy: 'ends',
    hex: Buffer.from('helloalex').toString('hex'),
    totalBytes: 9,
    messages: [
      { start: 0, end: 5 },
      { start: 5, end: 9 },
    ],
    omittedMessages: 0,
    events,
    omittedEvents: 0,
    totals: totalsOf(events),
    segments: [],
    ...more,
  };
}

function totalsOf(events: readonly FlowEvent[]): EventTotals {
  const totals = { ...NO_EVENTS };
  for (const { type } of events) totals[type]++;
  return totals;
}

/** Both written one after the other, and read at once; then the end. */
export const GLUED: RecordedFlow = helloAlex([
  event('write', 100, 0, 5),
  event('write', 120, 5, 9),
  event('read', 400, 0, 9),
  { type: 'end', us: 410, side: 'sender', isReset: false },
  event('read', 420, 9, 9),
]);
