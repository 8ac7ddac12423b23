import { fault } from '../fields/length-field.ts';
import type { Checksum } from './checksum.ts';
import type { Bytes, BytesIn } from '../codec.ts';
import type { FrameLayout } from './layout.ts';
import type { Fault } from '../fields/length-field.ts';

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

/** What is wrong with the trailer of a frame; `undefined` when nothing is. */
export function trailerFault({ trailer }: FrameLayout, parts: FrameParts): Fault | undefined {
  if (trailer === undefined) return undefined;
  const { body, bodyStart, payloadBytes, paddingBytes } = parts;
  const at = bodyStart + payloadBytes + paddingBytes;
  if ('bytes' in trailer) {
    const index = firstDifference(trailer.bytes, body, at);
    if (index < 0) return undefined;
    return fault(
      'FRAME_ERR_BAD_TRAILER',
      `byte ${index} of the trailer is ${hex(body[at + index]!)}, expected ${hex(trailer.bytes[index]!)}`,
    );
  }
  const seen = trailer.field.read(body, at);
  const expected = checksumOf(trailer, parts);
  if (seen === expected) return undefined;
  return fault('FRAME_ERR_BAD_CHECKSUM', `${trailer.name} is ${hex(seen)}, but that of what arrived is ${hex(expected)}`);
}

/** Where `body` differs from `expected` at `at`; −1 where it does not. */
export function firstDifference(expected: Bytes, body: BytesIn, at: number): number {
  for (let index = 0; index < expected.length; index++) if (body[at + index] !== expected[index]) return index;
  return -1;
}

/** Writes the trailer after the padding. */
export function writeTrailer({ trailer }: FrameLayout, target: Bytes, parts: FrameParts): void {
  if (trailer === undefined) return;
  const at = parts.bodyStart + parts.payloadBytes + parts.paddingBytes;
  if ('bytes' in trailer) target.set(trailer.bytes, at);
  else trailer.field.write(target, at, checksumOf(trailer, parts));
}

function checksumOf(checksum: Checksum, parts: FrameParts): number {
  const { header, headerStart, headerBytes, body, bodyStart, payloadBytes } = parts;
  let state = checksum.initial;
  if (checksum.covers === 'headerAndPayload') state = checksum.update(state, header, headerStart, headerStart + headerBytes);
  return checksum.finish(checksum.update(state, body, bodyStart, bodyStart + payloadBytes));
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
