import { returnedText } from '../decoding/thrown.ts';
import { FrameError } from '../errors.ts';
import { fault, isInteger } from '../fields/length-field.ts';
import type { Bytes, BytesIn } from '../codec.ts';
import type { Fault } from '../fields/length-field.ts';
import type { Checksum } from './checksum.ts';
import type { FrameLayout } from './layout.ts';
import type { HeaderEdge, PlacedChecksum } from './place-trailers.ts';

/** Where the parts of one frame lie: the header may be in other memory than the rest. */
export interface FrameParts {
  readonly header: BytesIn;
  readonly headerStart: number;
  readonly headerBytes: number;
  readonly body: BytesIn;
  readonly bodyStart: number;
  readonly payloadBytes: number;
  readonly paddingBytes: number;
}

/** The fault in the trailer of a frame; `undefined` without one. */
export function trailerFault(layout: FrameLayout, parts: FrameParts): Fault | undefined {
  const { body, bodyStart, payloadBytes, paddingBytes } = parts;
  const start = bodyStart + payloadBytes + paddingBytes;
  for (const trailer of layout.trailers) {
    const at = start + trailer.at;
    const found = 'bytes' in trailer ? constantFault(trailer.bytes, trailer.at, body, at) : checksumFault(layout, trailer, parts, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function constantFault(expected: Bytes, offset: number, body: BytesIn, at: number): Fault | undefined {
  const index = firstDifference(expected, body, at);
  if (index < 0) return undefined;
  const seen = hex(body[at + index]!);
  return fault('FRAME_ERR_BAD_TRAILER', `byte ${offset + index} of the trailer is ${seen}, expected ${hex(expected[index]!)}`);
}

function checksumFault(layout: FrameLayout, placed: PlacedChecksum, parts: FrameParts, at: number): Fault | undefined {
  const { checksum, byteLength } = placed;
  const { body } = parts;
  const { field, name } = checksum;
  if (!isInteger(field) && field.measure(body, at, at + byteLength) < 0) {
    return fault('FRAME_ERR_BAD_CHECKSUM', `${name} cannot be read: ${field.faultOf(body, at, at + byteLength).message}`);
  }
  const seen = field.read(body, at, byteLength);
  const expected = checksumOf(layout, placed, parts);
  if (seen === expected && Number.isInteger(seen)) return undefined;
  return fault('FRAME_ERR_BAD_CHECKSUM', `${name} is ${hex(seen)}, but the received bytes give ${hex(expected)}`);
}

/** Offset at which `body` differs from `expected` at `at`; −1 when it does not. */
export function firstDifference(expected: Bytes, body: BytesIn, at: number): number {
  for (let index = 0; index < expected.length; index++) if (body[at + index] !== expected[index]) return index;
  return -1;
}

/** Writes the trailers after the padding. */
export function writeTrailer(layout: FrameLayout, target: Bytes, parts: FrameParts): void {
  const start = parts.bodyStart + parts.payloadBytes + parts.paddingBytes;
  for (const trailer of layout.trailers) {
    const at = start + trailer.at;
    if ('bytes' in trailer) target.set(trailer.bytes, at);
    else trailer.checksum.field.write(target, at, checksumOf(layout, trailer, parts));
  }
}

function checksumOf(layout: FrameLayout, { checksum, header: span, coversPayload }: PlacedChecksum, parts: FrameParts): number {
  const { header, headerStart, headerBytes, body, bodyStart, payloadBytes } = parts;
  let state = checksum.initial;
  if (span !== undefined) {
    const lengthEnd = headerBytes - layout.after;
    const start = headerStart + offsetOf(span.start, lengthEnd);
    state = whole(checksum, checksum.update(state, header, start, headerStart + Math.min(offsetOf(span.end, lengthEnd), headerBytes)));
  }
  if (coversPayload) state = whole(checksum, checksum.update(state, body, bodyStart, bodyStart + payloadBytes));
  return whole(checksum, checksum.finish(state));
}

/** The checksum may be the program's own. */
function whole({ name }: Checksum, returned: number): number {
  if (Number.isInteger(returned)) return returned;
  throw new FrameError('FRAME_ERR_PAYLOAD', `the checksum ${name} returned ${returnedText(returned)}, which is not a whole number`);
}

function offsetOf({ at, isAfterLength }: HeaderEdge, lengthEnd: number): number {
  return isAfterLength ? lengthEnd + at : at;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
