import * as fc from 'fast-check';
import { bytes, fromHex, pattern } from './bytes.ts';
import type { Bytes, FramingEntry } from '../src/index.ts';

const LF = 0x0a;

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

/** Whether `entry` can carry every sequence of bytes. */
export function carriesAnything(entry: FramingEntry): boolean {
  return entry.name !== 'line';
}

/** Lists of payloads that `entry` can carry, each at most 60 bytes. */
export function payloadLists(entry: FramingEntry): readonly (readonly Bytes[])[] {
  return carriesAnything(entry) ? [...anything, ...withLineFeeds] : anything;
}

/** Random payloads that `entry` can carry. */
export function payloadOf(entry: FramingEntry, maxLength = 64): fc.Arbitrary<Bytes> {
  const any = fc.uint8Array({ maxLength, size: 'max' }).map((payload) => new Uint8Array(payload));
  if (carriesAnything(entry)) return any;
  return any.filter((payload) => !payload.includes(LF) && payload.at(-1) !== 0x0d);
}
