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
  return faultAt(layout, body, bodyStart + payloadBytes + paddingBytes, (placed) => checksumOf(layout, placed, parts));
}

/** The fault in the trailer that begins at `start`, where `expectedOf` tells what each checksum of it should be. */
export function faultAt(
  layout: FrameLayout,
  body: BytesIn,
  start: number,
  expectedOf: (placed: PlacedChecksum) => number,
): Fault | undefined {
  for (const trailer of layout.trailers) {
    const at = start + trailer.at;
    const found = 'bytes' in trailer ? constantFault(trailer.bytes, trailer.at, body, at) : checksumFault(trailer, body, at, expectedOf);
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

function checksumFault(
  placed: PlacedChecksum,
  body: BytesIn,
  at: number,
  expectedOf: (placed: PlacedChecksum) => number,
): Fault | undefined {
  const { checksum, byteLength } = placed;
  const { field, name } = checksum;
  if (!isInteger(field) && field.measure(body, at, at + byteLength) < 0) {
    return fault('FRAME_ERR_BAD_CHECKSUM', `${name} cannot be read: ${field.faultOf(body, at, at + byteLength).message}`);
  }
  const seen = field.read(body, at, byteLength);
  const expected = expectedOf(placed);
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

function checksumOf(layout: FrameLayout, placed: PlacedChecksum, parts: FrameParts): number {
  const { body, bodyStart, payloadBytes } = parts;
  return finishedChecksum(placed, addedPayload(placed, headerChecksum(layout, placed, parts), body, bodyStart, bodyStart + payloadBytes));
}

/** A checksum over what it covers of the header, unfinished. */
export function headerChecksum(
  layout: FrameLayout,
  { checksum, header: span }: PlacedChecksum,
  { header, headerStart, headerBytes }: Pick<FrameParts, 'header' | 'headerStart' | 'headerBytes'>,
): number {
  if (span === undefined) return checksum.initial;
  const lengthEnd = headerBytes - layout.after;
  const start = headerStart + offsetOf(span.start, lengthEnd);
  const end = headerStart + Math.min(offsetOf(span.end, lengthEnd), headerBytes);
  return whole(checksum, checksum.update(checksum.initial, header, start, end));
}

/** It with the next bytes of the payload, if it covers that. */
export function addedPayload(
  { checksum, coversPayload }: PlacedChecksum,
  state: number,
  bytes: BytesIn,
  start: number,
  end: number,
): number {
  return coversPayload ? whole(checksum, checksum.update(state, bytes, start, end)) : state;
}

/** It, finished. */
export function finishedChecksum({ checksum }: PlacedChecksum, state: number): number {
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
