import { toHex } from '../../bytes/hex.ts';
import { joined, readingOf } from './reference.ts';
import { headerPlaces } from './whole-streams.ts';
import type { Bytes, FrameSpan } from '../../types.ts';
import type { CorpusBuilder } from './builder.ts';
import type { TortureStream } from './corpus.ts';

/** Streams that end inside a frame: cut off after each byte if they are short. */
export function addTruncated(builder: CorpusBuilder, stream: TortureStream | undefined): void {
  if (stream?.frames === undefined) return;
  const { wire, frames, limit, about } = stream;
  const boundaries = new Set(frames.map(({ end }) => end));
  const places = wire.length <= 64 ? Array.from({ length: wire.length - 1 }, (_, index) => index + 1) : headerPlaces(stream);
  for (const place of places) {
    if (boundaries.has(place)) continue;
    const cutOff = builder.bytes(
      `${about}, cut off behind byte ${place}`,
      wire.subarray(0, place),
      limit,
      ({ ending }) => ending !== 'refused',
    );
    builder.try('truncation', cutOff, 'none');
  }
}

/** A frame at the limit, and one that exceeds it by a byte. */
export function addLimit(builder: CorpusBuilder, good: Bytes, atLimit: Bytes, over: Bytes): void {
  const limit = Math.max(...lengthsOf(builder, atLimit));
  builder.try('limit', builder.frames('a payload at the limit', [atLimit], limit), 'none', 'all');
  builder.try('limit', builder.frames('two payloads at the limit', [atLimit, atLimit], limit), 'none');
  const whole = wholly(builder, 'a payload that is one byte over the limit', over, limit);
  builder.try('limit', whole, 'none', 'all');
  const behind = wholly(builder, 'a payload that is one byte over the limit, behind one that is not', joined([good, over]), limit);
  builder.try('limit', behind, [[good.length]]);
  const early = builder.bytes('as much of a payload over the limit as tells it', over, limit, isRefused);
  if (early !== undefined && early.wire.length < over.length) builder.try('limit-early', early, 'none', 'all');
}

function lengthsOf({ entry }: CorpusBuilder, frame: Bytes): readonly number[] {
  return readingOf(entry, entry.maxPayloadBytes, frame).payloads.map(({ bytes }) => bytes.length);
}

function isRefused({ ending }: { readonly ending: string }): boolean {
  return ending === 'refused';
}

/** The same with all of its bytes: a decoder that refuses it early is right too. */
function wholly(builder: CorpusBuilder, about: string, wire: Bytes, limit: number): TortureStream | undefined {
  const { ending, payloads } = readingOf(builder.entry, limit, wire);
  return ending === 'refused' ? builder.keep({ about, limit, wire, payloads, ending }) : undefined;
}

/** Length fields in hex that declare very much or nothing. The framing's own decoder tells which of them are invalid. */
const VARINTS = [
  'ffffff7f',
  'ffffffff07',
  'ffffffff0f',
  '8080808008',
  'ffffffffffffffff7f',
  'ffffffffffffffffff01',
  'ffffffffffffffffffffff',
];

function extremeLengths({
  wire,
  length,
}: {
  readonly wire: Bytes;
  readonly length: { readonly start: number; readonly end: number };
}): readonly Bytes[] {
  const width = length.end - length.start;
  const bytes = wire.subarray(length.start, length.end);
  if (bytes.every((byte) => byte >= 0x30 && byte <= 0x39)) return [1, width, 10, 16, 20].map((digits) => Buffer.alloc(digits, '9'));
  const filled = (first: number, rest: number): Bytes => Uint8Array.from({ length: width }, (_, index) => (index === 0 ? first : rest));
  const big = [filled(0xff, 0xff), filled(0x7f, 0xff), filled(0x80, 0), filled(0xff, 0xfe), filled(0, 0), filled(0, 0xff)];
  return [...big, ...big.map((value) => value.toReversed()), ...VARINTS.map((hex) => Buffer.from(hex, 'hex'))];
}

const LENGTH_FAULTS: ReadonlySet<string> = new Set(['FRAME_ERR_TOO_LARGE', 'FRAME_ERR_UNSAFE_INTEGER']);

/** Headers that declare too much, or that are invalid. */
export function addExtremeLengths(builder: CorpusBuilder, wire: Bytes, { length, payloadStart }: FrameSpan, limit: number): void {
  if (length === undefined) return;
  for (const bytes of extremeLengths({ wire, length })) {
    const header = joined([wire.subarray(0, length.start), bytes, wire.subarray(length.end, payloadStart)]);
    const about = `a length of ${toHex(bytes)}`;
    builder.try(
      'limit-early',
      builder.bytes(about, header, limit, ({ code }) => LENGTH_FAULTS.has(code ?? '')),
      'none',
      'all',
    );
    builder.try(
      'malformed',
      builder.bytes(about, header, limit, ({ code, ending }) => isRefused({ ending }) && !LENGTH_FAULTS.has(code!)),
      'none',
    );
  }
}

/** A frame with one changed byte in its header or trailer, where the format forbids that. */
export function addChangedBytes(builder: CorpusBuilder, wire: Bytes, { payloadStart, payloadEnd, end }: FrameSpan, limit: number): void {
  for (let at = 0; at < end; at++) {
    if (at >= payloadStart && at < payloadEnd) continue;
    for (const byte of [wire[at]! ^ 0xff, wire[at]! ^ 1, 0]) {
      const changed = wire.slice();
      changed[at] = byte;
      const about = `byte ${at} is ${byte.toString(16).padStart(2, '0')}`;
      const stream = builder.bytes(about, changed, limit, ({ ending, code }) => isRefused({ ending }) && !LENGTH_FAULTS.has(code!));
      builder.try('malformed', stream, 'none', 'all');
    }
  }
}
