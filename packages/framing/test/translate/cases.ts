import { readFileSync, readdirSync } from 'node:fs';
import { codecOf, FrameError, FRAMINGS } from '../../src/index.ts';
import { translate } from '../../src/translate/programs/program.ts';
import { fromHex } from '../support/bytes.ts';
import { MEASURED } from './measured-layouts.ts';
import type { Bytes, Layout } from '../../src/index.ts';

/** One stream, and what is to be found in it however it is cut. */
export interface Case {
  readonly wire: Bytes;
  readonly maxPayloadBytes: number;
  readonly payloads: readonly string[];
  /** The code of the error that ends it; `ok` when nothing does. */
  readonly outcome: string;
  /** Whether it is a vector or example in which something was changed. */
  readonly isChanged?: boolean;
}

/** One layout with streams of it. */
export interface Translated {
  readonly layout: Layout;
  readonly cases: readonly Case[];
}

const packageFolder = new URL('../../', import.meta.url);

/** Whether a program of it is written: a new codec may do without one at first. */
function hasProgram(layout: Layout): boolean {
  try {
    translate(layout);
    return true;
  } catch (error) {
    if (/^RangeError: kind \S+ cannot be translated/.test(String(error))) return false;
    throw error;
  }
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, packageFolder), 'utf8'));
}

/** Layouts that use what neither the built-in ones nor the files do. */
const OTHERS: readonly Layout[] = [
  { kind: 'delimited', name: 'many-delimiters', delimiters: ['\r\n', '\n', { bytes: '00' }], examples: ['61 0d 0a', '62 0a', '63 0d 00'] },
  {
    kind: 'delimited',
    name: 'kept-delimiter',
    delimiters: ['END'],
    strip: false,
    unended: 'emit',
    examples: ['61 45 4e 45 4e 44', '45 4e'],
  },
  { kind: 'line', name: 'crlf', ending: 'crlf', examples: ['61 0d 0a', '61 0a'] },
  { kind: 'line', name: 'unended', unended: 'emit', examples: ['61 0a', '62 0d'] },
  {
    kind: 'octet-counted',
    name: 'syslog',
    fallback: 'lf',
    examples: ['31 20 61', '0a 3c 31 3e 0d 0a', '0d 0a 0a 32 20 62 63', '0d 61 0a'],
  },
  { kind: 'fixed', name: 'three', byteLength: 3, examples: ['61 62 63', '64 65'] },
  {
    kind: 'netty',
    name: 'netty-strip',
    maxFrameLength: 40,
    lengthFieldOffset: 1,
    lengthFieldLength: 3,
    lengthAdjustment: -2,
    initialBytesToStrip: 5,
    byteOrder: 'little',
    examples: ['aa 05 00 00 01 02 03', 'aa 00 00 00'],
  },
  framed('blank-padded', { type: 'asciiDecimal', digits: 4, pad: 'blank' }, ['20 20 20 32 61 62', '20 20 20 20', '20 31 20 31']),
  framed('bcd', { type: 'bcd', byteLength: 2 }, ['00 02 61 62', '00 1a']),
  framed('hex', { type: 'asciiHex', digits: 3 }, [
    '30 30 61 61 62 63 64 65 66 67 68 69 6a',
    '30 30 41 61 62 63 64 65 66 67 68 69 6a',
    '30 3a',
  ]),
  framed('wide-varint', { type: 'varint', maxBytes: 8, overlong: 'accept' }, [
    '81 00 61',
    'ff ff ff ff ff ff ff 7f',
    'ff ff ff ff ff ff ff ff',
  ]),
  framed('der', { type: 'ber', maxBytes: 7, overlong: 'reject' }, ['02 61 62', '81 80', '81 7f', '87 ff ff ff ff ff ff ff', '80', '88']),
  framed('zeros', { type: 'asciiDecimal', end: ':', maxDigits: 3 }, ['31 3a 61', '30 31', '30 3a', '31 32 33 34', '3a']),
  ...(['crc32', 'xor'] as const).map((checksum) => checked(checksum, { checksum, covers: 'headerAndPayload' })),
  ...(['arc', 'ccitt-false', 'kermit', 'mcrf4xx', 'modbus', 'x25', 'xmodem', 'hj212'] as const).map((algorithm) =>
    checked(`crc16-${algorithm}`, { checksum: 'crc16', algorithm }),
  ),
  ...(['maxim-dow', 'rohc', 'smbus'] as const).map((algorithm) =>
    checked(`crc8-${algorithm}`, { checksum: 'crc8', algorithm, covers: { from: 'length' } }),
  ),
  checked('lrc', { checksum: 'sum', negate: true, covers: { from: 'start', to: 'kind' } }),
];

function framed(name: string, field: object, examples: readonly string[]): Layout {
  return { kind: 'frame', name, header: [{ name: 'length', field }], examples } as unknown as Layout;
}

/** Two frames behind each other, with idle bytes, padding and a checksum. */
function checked(name: string, trailer: object): Layout {
  const layout = {
    kind: 'frame',
    name,
    idle: 'fe',
    header: [
      { name: 'start', bytes: '68 69' },
      { name: 'length', field: 'i16le' },
      { name: 'kind', bytes: '07' },
    ],
    counts: 'payload',
    padding: { to: 4 },
    trailer: [trailer, { bytes: '16' }],
  } as unknown as Layout;
  const frames = ['a', 'hello'].map((text) => Buffer.from(codecOf(layout).encode(Buffer.from(text))).toString('hex'));
  return { ...layout, examples: [`fefe${frames[0]}`, frames[1]!, '6869ffff07'] };
}

/** What is found in a stream, by the codec itself: whole, or in chunks. */
export function caseOf(layout: Layout, stream: Bytes | readonly Bytes[], limit?: number): Case {
  const chunks = stream instanceof Uint8Array ? [stream] : stream;
  const wire = new Uint8Array(Buffer.concat(chunks));
  const codec = codecOf(layout, limit === undefined ? {} : { maxPayloadBytes: limit });
  const decoder = codec.createDecoder();
  const payloads: string[] = [];
  const drain = (): void => {
    for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) payloads.push(Buffer.from(payload).toString('hex'));
  };
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      drain();
    }
    decoder.end();
    drain();
    return { wire, maxPayloadBytes: codec.maxPayloadBytes, payloads, outcome: 'ok' };
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { wire, maxPayloadBytes: codec.maxPayloadBytes, payloads, outcome: error.code };
  }
}

/** The stream, without its last byte, and with one byte after the other changed. */
function variants(layout: Layout, whole: Bytes, limit?: number): readonly Case[] {
  return changedOf(whole).map((wire, index) => ({ ...caseOf(layout, wire, limit), isChanged: index > 0 }));
}

function changedOf(wire: Bytes): readonly Bytes[] {
  const changed = Array.from(wire.subarray(0, 20), (byte, at) =>
    Uint8Array.from(wire, (each, index) => (index === at ? byte ^ (at % 2 === 0 ? 0xff : 0x01) : each)),
  );
  return [wire, wire.subarray(0, -1), ...changed];
}

function casesOf(layout: Layout, wires: readonly Bytes[]): readonly Case[] {
  const all = Buffer.concat(wires);
  // At the limit, and one byte over it.
  const sizes = wires.map((wire) => caseOf(layout, wire).payloads.reduce((longest, hex) => Math.max(longest, hex.length / 2), 0));
  const limited = wires.flatMap((wire, index) =>
    [sizes[index]!, sizes[index]! - 1].flatMap((limit) => (isPossible(layout, limit) ? [caseOf(layout, wire, limit)] : [])),
  );
  return [...[...wires, all].flatMap((wire) => variants(layout, wire)), ...limited];
}

function isPossible(layout: Layout, maxPayloadBytes: number): boolean {
  try {
    return maxPayloadBytes > 0 && codecOf(layout, { maxPayloadBytes }).maxPayloadBytes === maxPayloadBytes;
  } catch {
    return false;
  }
}

interface Vector {
  readonly wire: string;
  readonly maxPayloadBytes?: number;
}

/** The layouts that are built in, in a file, or above, of those that `isOne` takes, with every vector and example. */
export function translatedLayouts(isOne: (layout: Layout) => boolean = () => true): readonly Translated[] {
  const builtIn = FRAMINGS.filter(({ layout }) => isOne(layout) && hasProgram(layout)).map(({ name, layout }) => {
    const vectors = json(`vectors/${name}.json`) as readonly Vector[];
    return {
      layout,
      cases: vectors.flatMap(({ wire, maxPayloadBytes }) => variants(layout, fromHex(wire), maxPayloadBytes)),
    };
  });
  const files = readdirSync(new URL('layouts', packageFolder)).map((file) => json(`layouts/${file}`) as Layout);
  const others = [...files, ...OTHERS, ...MEASURED].filter(isOne).map((layout) => ({
    layout,
    cases: casesOf(layout, layout.examples!.map(fromHex)),
  }));
  return [...builtIn, ...others];
}

/** Where to cut a stream in two, 0 for byte by byte: everywhere in those that a vector or an example is, at some places in changed ones. */
export function cutsOf({ wire, isChanged }: Case): readonly number[] {
  if (isChanged) return [0, wire.length >> 1, wire.length].filter((at) => at <= wire.length);
  return Array.from({ length: Math.min(wire.length, 300) }, (_, at) => at);
}
