import { FrameError, constant, custom, frame, lengthPrefixed, u16be, u8, varint, withPayload } from '../../src/index.ts';
import type { Checksum, Codec, IntegerField, VariableLengthField } from '../../src/index.ts';

/** What a function of the program gives in the place of a good answer: it throws, or returns what is none. */
export type Answer = () => never;

/** Ways to throw, each with the code that the error has in the end. */
export const THROWS: readonly (readonly [string, unknown, string])[] = [
  ['an Error', new Error('mine'), 'FRAME_ERR_PAYLOAD'],
  ['a string', 'mine', 'FRAME_ERR_PAYLOAD'],
  ['undefined', undefined, 'FRAME_ERR_PAYLOAD'],
  ['what has no text', Object.create(null), 'FRAME_ERR_PAYLOAD'],
  ['a FrameError', new FrameError('FRAME_ERR_TOO_LARGE', 'mine'), 'FRAME_ERR_TOO_LARGE'],
];

/** What is no number that could be meant. */
export const NO_NUMBERS: readonly (readonly [string, () => unknown])[] = [
  ['NaN', () => Number.NaN],
  ['undefined', () => undefined],
  ['half a byte', () => 1.5],
  ['a text', () => '5'],
  // Nobody could handle its rejection: the test fails by it when nobody else does.
  ['a promise', () => Promise.reject(new Error('too late'))],
];

/** A payload of so many bytes, or a field of such a value, meets the bad answer. */
export const BAD = 7;

const orBad = (value: number, answer: Answer): number => (value === BAD ? answer() : value);

const badRead = (answer: Answer): IntegerField => ({ ...u8, name: 'own', read: (b, at) => orBad(u8.read(b, at), answer) });

const badWrite = (answer: Answer): IntegerField => ({
  ...u8,
  name: 'own',
  write: (b, at, value) => u8.write(b, at, orBad(value, answer)),
});

type Part = 'measure' | 'faultOf' | 'read' | 'byteLengthOf' | 'write';

/** A varint, one part of which gives a bad answer for {@link BAD}. */
function badVarint(part: Part, answer: Answer): VariableLengthField {
  const good = varint();
  const own = (at: Part, value: number): boolean => at === part && value === BAD;
  return {
    name: 'own',
    minBytes: good.minBytes,
    maxBytes: good.maxBytes,
    max: good.max,
    measure: (b, at, end) => (own('measure', b[at]!) ? answer() : own('faultOf', b[at]!) ? -1 : good.measure(b, at, end)),
    faultOf: (b, at, end) => (part === 'faultOf' ? answer() : good.faultOf(b, at, end)),
    read: (b, at, width) => (own('read', b[at]!) ? answer() : good.read(b, at, width)),
    byteLengthOf: (value) => (own('byteLengthOf', value) ? answer() : good.byteLengthOf(value)),
    write: (b, at, value) => (own('write', value) ? answer() : good.write(b, at, value)),
  };
}

/** A checksum that is the length of what it covers. */
function badChecksum(part: 'update' | 'finish', answer: Answer): Checksum {
  const own = (at: 'update' | 'finish', value: number): number => (at === part ? orBad(value, answer) : value);
  return {
    name: 'own',
    field: u8,
    covers: 'payload',
    initial: 0,
    update: (_state, _bytes, start, end) => own('update', end - start),
    finish: (state) => own('finish', state),
  };
}

const magic = constant(0xaa);

/** Every function of the program that reads, by its name, in a format that calls it; and what comes of what is no number. */
export const READERS: readonly (readonly [string, (answer: Answer) => Codec, string])[] = [
  ['read of a length', (answer) => lengthPrefixed({ length: badRead(answer) }), 'FRAME_ERR_MALFORMED_LENGTH'],
  ['read of a length in a header', (answer) => frame({ header: { magic, length: badRead(answer) } }), 'FRAME_ERR_MALFORMED_LENGTH'],
  ['read of a varint', (answer) => frame({ header: { length: badVarint('read', answer) } }), 'FRAME_ERR_MALFORMED_LENGTH'],
  ['measure of a varint', (answer) => frame({ header: { length: badVarint('measure', answer) } }), 'FRAME_ERR_MALFORMED_LENGTH'],
  ['faultOf of a varint', (answer) => frame({ header: { length: badVarint('faultOf', answer) } }), 'FRAME_ERR_PAYLOAD'],
  [
    'padding.to',
    (answer) => frame({ header: { length: u8 }, padding: { to: (size) => (size === BAD ? answer() : 1) } }),
    'FRAME_ERR_MALFORMED_LENGTH',
  ],
  ['update of a checksum', (answer) => frame({ header: { length: u8 }, trailer: badChecksum('update', answer) }), 'FRAME_ERR_PAYLOAD'],
  ['finish of a checksum', (answer) => frame({ header: { length: u8 }, trailer: badChecksum('finish', answer) }), 'FRAME_ERR_PAYLOAD'],
  [
    'measure of custom',
    (answer) => custom({ name: 'own', measure: (b, start) => (b[start] === BAD ? answer() : 1 + b[start]!) }),
    'FRAME_ERR_MALFORMED_LENGTH',
  ],
];

/** Every function of the program that writes, by its name, and what is refused of what it returns. */
export const WRITERS: readonly (readonly [string, (answer: Answer) => Codec, boolean])[] = [
  ['write of a length', (answer) => lengthPrefixed({ length: badWrite(answer) }), false],
  ['write of a length in a header', (answer) => frame({ header: { magic, length: badWrite(answer) } }), false],
  ['write of a varint', (answer) => frame({ header: { length: badVarint('write', answer) } }), false],
  ['byteLengthOf of a varint', (answer) => frame({ header: { length: badVarint('byteLengthOf', answer) } }), true],
  ['padding.to', (answer) => frame({ header: { length: u8 }, padding: { to: (size) => (size === BAD ? answer() : 1) } }), true],
  ['update of a checksum', (answer) => frame({ header: { length: u8 }, trailer: badChecksum('update', answer) }), true],
  ['finish of a checksum', (answer) => frame({ header: { length: u8 }, trailer: badChecksum('finish', answer) }), true],
  [
    'encode of a payload codec',
    (answer) =>
      withPayload(lengthPrefixed({ length: u16be }), {
        name: 'own',
        decode: (payload) => payload,
        encode: (payload) => (payload.length === BAD ? answer() : payload),
      }),
    false,
  ],
];
