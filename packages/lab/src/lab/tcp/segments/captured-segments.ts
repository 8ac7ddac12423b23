import { readCapture } from '@socklab/service/capture';
import type { ByteRange } from '../../../picture/flow.ts';
import type { CapturedStream } from '@socklab/service/capture';

/** A segment with data, in milliseconds since 1970, with fractions. */
export interface SentSegment extends ByteRange {
  readonly epochMs: number;
}

/** Shortest pcap file. */
const FILE_HEADER_BYTES = 24;

/**
 * The segments that carried the first `byteLength` bytes to the receiver's port, from a capture of what the sender's side sent. What was sent
 * again is left out. `undefined` as long as the capture lacks some of the bytes, and where it is no capture at all.
 */
export function sentSegments(file: Uint8Array, receiverPort: number, byteLength: number): readonly SentSegment[] | undefined {
  if (file.length < FILE_HEADER_BYTES + byteLength) return undefined;
  const stream = streamsOf(file).findLast(({ client }) => client.port === receiverPort);
  if (stream?.hasBeginning !== true) return undefined;
  const segments: SentSegment[] = [];
  let end = 0;
  for (const { bytes, ms, missingBytes } of stream.events) {
    if (missingBytes !== undefined) return undefined;
    if (bytes === undefined) continue;
    const start = end;
    end += bytes.length;
    segments.push({ start, end, epochMs: stream.startedAt + ms });
  }
  return end === byteLength ? segments : undefined;
}

function streamsOf(file: Uint8Array): readonly CapturedStream[] {
  try {
    return readCapture(file).streams;
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
