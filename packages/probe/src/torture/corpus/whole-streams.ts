import { patternBytes } from './pattern.ts';
import type { Bytes } from '../../types.ts';
import type { CorpusBuilder } from './builder.ts';
import type { TortureStream } from './corpus.ts';
import type { FrameMaker } from './frame-maker.ts';

/** Longest payload of a frame that is cut at every place, in bytes. */
const SMALL_BYTES = 257;

/** Longest payload that is dripped whole, in bytes. */
const DRIPPED_BYTES = 1025;

/** Most frames in one chunk. */
const MANY = 1000;

/** A stream of one payload. */
export interface Single {
  readonly payload: Bytes;
  readonly about: string;
}

/** Payloads whose content matters, not only their length. */
export function tellingPayloads(make: FrameMaker): readonly Single[] {
  const hello = make(text('hello'));
  return [
    { payload: text('naïve 你好 😀'), about: 'text in UTF-8' },
    { payload: new Uint8Array(8), about: 'eight zero bytes' },
    { payload: new Uint8Array(8).fill(0xff), about: 'eight bytes of ff' },
    { payload: Uint8Array.from({ length: 256 }, (_, byte) => byte), about: 'every byte once' },
    ...(hello === undefined ? [] : [{ payload: hello, about: 'a frame as payload' }]),
  ];
}

export function text(string: string): Bytes {
  return new TextEncoder().encode(string);
}

export function bytesText(byteLength: number): string {
  return byteLength === 1 ? '1 byte' : `${byteLength} bytes`;
}

/** One frame: uncut, cut and dripped. */
export function addSingle(builder: CorpusBuilder, stream: TortureStream | undefined): void {
  if (stream === undefined || stream.payloads[0] === undefined) return;
  const payloadBytes = stream.payloads[0].bytes.length;
  builder.try('lengths', stream, 'none');
  if (payloadBytes === 0) return builder.try('empty', stream, 'none', 'all');
  const places = headerPlaces(stream);
  if (payloadBytes > SMALL_BYTES)
    builder.try(
      'header-cut',
      stream,
      places.map((cut) => [cut]),
    );
  else if (isTelling(payloadBytes)) builder.try('every-cut', stream, 'each');
  if (payloadBytes <= DRIPPED_BYTES) builder.try('drip', stream, 'all');
  else builder.try('drip', stream, [places]);
}

/** Of the small lengths some are enough to be cut at every place. */
function isTelling(payloadBytes: number): boolean {
  return payloadBytes <= 9 || (payloadBytes >= 16 && payloadBytes < 32) || (payloadBytes >= 127 && payloadBytes !== 128);
}

/** The places in and right after the header of a frame, and those at the end of its payload and in its trailer. */
export function headerPlaces({ wire, frames: [frame] = [] }: TortureStream): readonly number[] {
  if (frame === undefined) return [];
  const { start, payloadStart, payloadEnd, end } = frame;
  const head = Array.from({ length: payloadStart - start + 1 }, (_, index) => start + index + 1);
  const tail = Array.from({ length: end - payloadEnd + 2 }, (_, index) => payloadEnd - 1 + index);
  return [...new Set([...head, ...tail])].filter((place) => place > 0 && place < wire.length).toSorted((left, right) => left - right);
}

/** Several frames on one stream. */
export function addSeveral(
  builder: CorpusBuilder,
  [first, second, third]: readonly [Bytes, Bytes, Bytes],
  [long, empty]: readonly (Bytes | undefined)[],
): void {
  const three = builder.frames('three payloads', [first, second, third]);
  builder.try('every-cut', three, 'each');
  builder.try('every-pair', three, 'pairs');
  builder.try('drip', three, 'all', { every: 2 }, { every: 3 }, { every: 7 });
  builder.try('glue', builder.frames('two payloads', [first, second]), 'none');
  builder.try('glue', builder.frames('twice the same payload', [first, first]), 'none');
  builder.try('glue', three, 'none');
  builder.try(
    'glue',
    builder.frames(
      `${MANY} payloads`,
      Array.from({ length: MANY }, () => second),
    ),
    'none',
  );
  builder.try('glue', builder.frames('a long payload between short ones', [first, long, second]), 'none');
  builder.try('glue', builder.frames('a long payload behind a short one', [second, long]), 'none');
  addStraddling(builder, builder.frames('twice the same payload', [first, first]));
  addStraddling(builder, builder.frames('five payloads', [first, second, third, second, first]));
  addStraddling(builder, builder.frames('a long payload between short ones', [first, long, second]));
  if (empty !== undefined) addEmpty(builder, first, empty);
}

/** Cuts at such a distance from each boundary that chunks hold the end of one frame and the head of the next. */
const DISTANCES = [-2, -1, 1, 2, 3];

function addStraddling(builder: CorpusBuilder, stream: TortureStream | undefined): void {
  if (stream?.frames === undefined) return;
  const boundaries = stream.frames.slice(0, -1).map(({ end }) => end);
  const sets = DISTANCES.map((distance) =>
    boundaries.map((boundary) => boundary + distance).filter((cut) => cut > 0 && cut < stream.wire.length),
  );
  builder.try('glue+cut', stream, sets);
}

function addEmpty(builder: CorpusBuilder, first: Bytes, empty: Bytes): void {
  builder.try('empty', builder.frames('two empty payloads', [empty, empty]), 'none', 'each', 'all');
  builder.try('empty', builder.frames('an empty payload between two others', [first, empty, first]), 'none', 'each', 'all');
  builder.try(
    'empty',
    builder.frames(
      `${MANY} empty payloads`,
      Array.from({ length: MANY }, () => empty),
    ),
    'none',
  );
}

/** Payloads with these lengths, one a stream. */
export function singlesOf(lengths: readonly number[]): readonly Single[] {
  return lengths.map((length) => ({ payload: patternBytes(length), about: `a payload of ${bytesText(length)}` }));
}
