import * as fc from 'fast-check';
import { FrameError, FRAMINGS } from '../../src/index.ts';
import { bytes, fromHex, pattern } from './bytes.ts';
import type { Bytes, FramingEntry } from '../../src/index.ts';

const anything: readonly (readonly Bytes[])[] = [
  [],
  [bytes('')],
  [bytes(''), bytes(''), bytes('')],
  [bytes('x')],
  [bytes('hello'), bytes('alex')],
  [fromHex('00'), fromHex('00 00 00 00 00 00 00 00 00'), fromHex('ff ff ff ff ff ff ff ff ff')],
  [bytes('哈哈哈哈哈'), bytes('哈哈哈哈哈'), bytes('哈哈哈哈哈')],
  [pattern(60), bytes(''), pattern(7)],
  [bytes('inner\rCR'), bytes('\r inner')],
];

const withLineFeeds: readonly (readonly Bytes[])[] = [
  [bytes('\n')],
  [bytes('a\nb'), bytes('\n\n'), bytes('\r\n')],
  [fromHex('00 00 00 02 68 69'), fromHex('02 00 00 00 68 69')],
];

/** Whether `entry` can carry an empty payload. */
export function carriesEmpty(entry: FramingEntry): boolean {
  return carries(entry, bytes(''));
}

/** Bytes at the front of a frame that belong to none, as the first END of SLIP: a decoder holds nothing of them. */
export function idleBytesOf(entry: FramingEntry): number {
  const decoder = entry.create().createDecoder();
  const frame = entry.create().encode(bytes('x'));
  let idleBytes = 0;
  for (; idleBytes < frame.length; idleBytes++) {
    decoder.push(frame.subarray(idleBytes, idleBytes + 1));
    decoder.next();
    if (decoder.bufferedBytes > 0) break;
  }
  return idleBytes;
}

/** Whether `entry` can carry the payload: the codec says so. What it must refuse is for its own test. */
export function carries(entry: FramingEntry, payload: Bytes): boolean {
  try {
    entry.create().encode(payload);
    return true;
  } catch (error) {
    if (error instanceof FrameError && error.code === 'FRAME_ERR_PAYLOAD') return false;
    throw error;
  }
}

/** The framings that take any payload, rather than whole frames of a protocol. */
export const framingsOfPayloads: readonly FramingEntry[] = FRAMINGS.filter(({ exampleFrames }) => exampleFrames === undefined);

/** Lists of payloads that `entry` can carry, each at most 60 bytes. */
export function payloadLists(entry: FramingEntry): readonly (readonly Bytes[])[] {
  const { exampleFrames } = entry;
  if (exampleFrames !== undefined) return [[], ...exampleFrames.map((example) => [example]), [...exampleFrames, ...exampleFrames]];
  return [...anything, ...withLineFeeds].map((payloads) => payloads.filter((payload) => carries(entry, payload)));
}

/** Random payloads that `entry` can carry. */
export function payloadOf(entry: FramingEntry, maxLength = 64): fc.Arbitrary<Bytes> {
  if (entry.exampleFrames !== undefined) return fc.constantFrom(...entry.exampleFrames);
  const any = fc.uint8Array({ maxLength, size: 'max' }).map((payload) => new Uint8Array(payload));
  return any.filter((payload) => carries(entry, payload));
}
