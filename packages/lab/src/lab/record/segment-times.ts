import type { ByteRange, FlowEvent } from '../../picture/flow.ts';

/** A segment that went over the network, with its time on the clock of the run. */
export interface CapturedSegment extends ByteRange {
  readonly us: number;
}

/**
 * Whether no segment went before a byte of it was written, or after its first byte was read: a clock of the system that was set meanwhile would say
 * so. Writes and reads are in the order of their bytes.
 */
export function areBetween(segments: readonly CapturedSegment[], events: readonly FlowEvent[]): boolean {
  const writes = events.filter((event) => event.type === 'write');
  const reads = events.filter((event) => event.type === 'read');
  let [write, read] = [0, 0];
  return segments.every(({ start, end, us }) => {
    while (write < writes.length && writes[write]!.end < end) write++;
    while (read < reads.length && reads[read]!.end <= start) read++;
    return us >= (writes[write]?.us ?? Number.POSITIVE_INFINITY) && us <= (reads[read]?.us ?? Number.POSITIVE_INFINITY);
  });
}
