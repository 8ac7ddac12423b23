import { codecOf } from '../../src/index.ts';
import { caseOf } from './cases.ts';
import type { Bytes, Layout } from '../../src/index.ts';
import type { Case } from './cases.ts';

/** Whole numbers from 0 up to one below, and one of several, from a seed. */
export interface Random {
  below(limit: number): number;
  of<Value>(values: readonly Value[]): Value;
}

/** Marsaglia's xorshift of 32 bits. */
export function randomFrom(seed: number): Random {
  let state = Math.imul(seed, 2) | 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return { below, of: (values) => values[below(values.length)]! };
}

const INTEGERS = ['u8', 'u16be', 'u16le', 'u24be', 'u32le', 'i8', 'i16be', 'i32le'] as const;
const CHECKSUMS = [
  { checksum: 'xor', field: 'u8' },
  { checksum: 'sum', field: 'u16be' },
  { checksum: 'crc16', algorithm: 'x25', field: 'u16le' },
  { checksum: 'crc8', algorithm: 'smbus', field: 'u8' },
];

function lengthField(random: Random): unknown {
  return random.of<unknown>([
    ...INTEGERS,
    'varint',
    { type: 'asciiDecimal', end: ':', maxDigits: 3 },
    { type: 'asciiHex', digits: 2 },
    { type: 'varint', maxBytes: 2 },
    { type: 'bcd', byteLength: 1 },
  ]);
}

function frameLayout(random: Random, start: string): object {
  const header = [
    { name: 'start', bytes: start },
    ...random.of([[], [{ name: 'kind', field: 'u8' }], [{ name: 'label', opaque: 2 }]]),
    { name: 'length', field: lengthField(random) },
  ];
  const trailer = random.of<readonly object[]>([[], [{ bytes: '16' }], [{ checksum: 'crc32', covers: 'payload' }, { bytes: '0d0a' }]]);
  return { kind: 'frame', header, counts: 'payload', ...(trailer.length > 0 && { trailer }), emit: 'frame' };
}

function delimitedLayout(random: Random): object {
  return random.of<object>([
    { kind: 'line', ending: random.of(['lf', 'crlf']) },
    { kind: 'delimited', delimiters: random.of([['END'], ['\r\n', '\n'], [{ bytes: '00' }]]), strip: random.of([true, false]) },
    { kind: 'fixed', byteLength: 1 + random.below(4) },
  ]);
}

function choiceLayout(random: Random): object {
  const starts = ['01', '0102', '0103', '02', '7e', '30'];
  const of = starts.filter(() => random.below(2) === 0).map((startsWith) => ({ startsWith, layout: frameLayout(random, startsWith) }));
  of.sort((one, other) => other.startsWith.length - one.startsWith.length);
  return { kind: 'choice', of: [...of, { startsWith: '40', layout: delimitedLayout(random) }, { layout: delimitedLayout(random) }] };
}

function stuffedLayout(random: Random): object {
  const [flag, escape] = random.of([
    ['7e', '7d'],
    ['c0', 'db'],
    ['00', 'ff'],
  ] as const) as readonly [string, string];
  const pairs = [
    [flag, 'dc'],
    [escape, 'dd'],
  ];
  const replace = random.of<unknown>(['20', '55', pairs, [...pairs, ['11', '12'], ['12', '13']]]);
  const checksum = random.of<object | undefined>([undefined, ...CHECKSUMS]);
  return { kind: 'stuffed', flag, escape, replace, ...(checksum && { checksum }), aborted: random.of(['error', 'skip']) };
}

function fragmentsLayout(random: Random): object {
  const isMasked = random.below(3) === 0;
  const header = [
    { name: 'flags', field: 'u8' },
    { name: 'length', field: isMasked ? 'websocketLength' : random.of(INTEGERS) },
    ...random.of<readonly object[]>([[], [{ name: 'magic', bytes: 'f0' }], [{ name: 'sequence', field: 'u16be' }]]),
  ];
  const goOn = random.of<object>([{ bit: 128, at: 0, set: 'last' }, { bit: 64, at: 0, set: 'more' }, { length: 1 + random.below(4) }]);
  const types = { at: 0, bits: 15, first: [1, 2], next: random.of([[0], [4, 5]]), control: random.of([[], [9], [8, 9, 10]]) };
  const shortest = random.of([{}, { maxControlBytes: random.below(4) }]);
  const isTyped = isMasked || random.below(2) === 0;
  const counts = random.of([{}, { counts: 'frame' }]);
  return { kind: 'fragments', header, ...(isMasked ? {} : counts), goOn, ...(isTyped && { types: { ...types, ...shortest } }) };
}

const KINDS = { choice: choiceLayout, stuffed: stuffedLayout, fragments: fragmentsLayout };

/** A layout as an author might write one; some cannot work, as a length that cannot say what it counts. */
export function randomLayout(random: Random, kind = random.of(['choice', 'stuffed', 'fragments'] as const)): Layout {
  for (;;) {
    const layout = KINDS[kind](random) as unknown as Layout;
    try {
      codecOf(layout);
      return layout;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
}

/** Bytes that mean something in some of these layouts, and others. */
const BYTES = [
  0, 1, 2, 3, 4, 5, 8, 9, 10, 13, 0x11, 0x12, 0x16, 0x20, 0x30, 0x31, 0x3a, 0x40, 0x41, 0x45, 0x4e, 0x44, 0x7d, 0x7e, 0x7f, 0x80,
];
const HIGH = [0x81, 0x82, 0x85, 0x89, 0xc0, 0xc1, 0xdb, 0xdc, 0xdd, 0xf0, 0xfe, 0xff];

function randomBytes(random: Random, longest: number): Bytes {
  return Uint8Array.from({ length: random.below(longest + 1) }, () => random.of([...BYTES, ...HIGH, random.below(256)]));
}

/** A stream: frames of the codec with something changed, or bytes. */
export function randomWire(random: Random, layout: Layout): Bytes {
  const parts = Array.from({ length: 1 + random.below(4) }, () =>
    random.below(4) === 0 ? randomBytes(random, 6) : encoded(random, layout),
  );
  const wire = Buffer.concat(parts);
  for (let changes = random.below(3); changes > 0 && wire.length > 0; changes--)
    wire[random.below(wire.length)] = random.of([...BYTES, ...HIGH]);
  return new Uint8Array(random.below(3) === 0 ? wire.subarray(0, random.below(wire.length + 1)) : wire);
}

/** A frame, where the layout writes payloads of any bytes; otherwise bytes. */
function encoded(random: Random, layout: Layout): Bytes {
  const payload = randomBytes(random, random.of([0, 3, 12]));
  try {
    return codecOf(random.below(3) === 0 ? layout : written(random, layout)).encode(payload);
  } catch {
    return typedFrames(random, payload);
  }
}

/** Fragments are short, and masked where that may be. */
function written(random: Random, layout: Layout): Layout {
  if (layout.kind !== 'fragments') return layout;
  const isMaskable = layout.types !== undefined && layout.header.some((part) => 'field' in part && part.field === 'websocketLength');
  return {
    ...layout,
    ...('bit' in layout.goOn && { maxFragmentBytes: 1 + random.below(6) }),
    ...(isMaskable && random.below(2) === 0 && { maskingKey: random.of(['37fa213d', '00ff0180']) }),
  };
}

/** Frames of one byte of flags and one of length. */
function typedFrames(random: Random, payload: Bytes): Bytes {
  return Uint8Array.from([random.of([0, 1, 2, 4, 9, 0x41, 0x80, 0x81, 0x82, 0x84, 0x89]), payload.length, ...payload]);
}

/** One stream of a layout, where it is cut, and what its codec finds in it whole, with a limit. */
export interface RandomStream {
  /** In its name, a number. */
  readonly layout: Layout;
  readonly wire: Bytes;
  /** Where it is cut in two; 0: byte by byte. */
  readonly cut: number;
  readonly limit: number;
  /** Payloads in hex and the outcome, as the harnesses print them. */
  readonly found: string;
}

/** Streams of random layouts, the same for a seed. */
export function randomStreams(seed: number, layouts: number, streams: number): readonly RandomStream[] {
  const random = randomFrom(seed);
  return Array.from({ length: layouts }, (_, index) => ({ ...randomLayout(random), name: `d${index}` })).flatMap((layout) =>
    Array.from({ length: streams }, () => {
      const wire = randomWire(random, layout);
      const { maxPayloadBytes, ...found } = limited(layout, wire, random.of([1, 2, 5, 12, 40, 1000]));
      return { layout, wire, cut: random.below(wire.length + 1), limit: maxPayloadBytes, found: shown(found) };
    }),
  );
}

/** With its own limit where a layout cannot have the other. */
function limited(layout: Layout, wire: Bytes, limit: number): Case {
  try {
    return caseOf(layout, wire, limit);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return caseOf(layout, wire);
  }
}

/** As the harnesses print it. */
export function shown({ payloads, outcome }: Pick<Case, 'payloads' | 'outcome'>): string {
  return [...payloads.map((hex) => hex || '-'), outcome].join(' ');
}

/** The chunks of a stream that is cut there. */
export function chunksOf({ wire, cut }: RandomStream): readonly Bytes[] {
  return cut === 0 ? Array.from(wire, (byte) => Uint8Array.of(byte)) : [wire.slice(0, cut), wire.slice(cut)];
}
