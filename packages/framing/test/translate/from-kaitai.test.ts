import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { codecOf, layoutOf } from '../../src/index.ts';
import { decodeAll } from '../../src/testing.ts';
import { decoderSource, layoutOfKaitai } from '../../src/translate.ts';
import { fromHex, toHex } from '../support/bytes.ts';
import { kaitaiParser } from './kaitai-parser.ts';
import type { Layout } from '../../src/index.ts';

const KSY = `
meta:
  id: chunks
  title: Chunks with a type
  endian: be
seq:
  - id: frames
    type: chunk
    repeat: eos
types:
  chunk:
    seq:
      - id: magic
        contents: [0x7e, "ok"]
      - id: kind
        type: u1
        doc-ref: the manual, 4
      - id: id
        size: 2
      - id: len
        type: u2
        doc: counts itself
      - id: body
        size: len - 2
        type: inside
      - id: tail
        contents: [0x0d, 0x0a]
  inside:
    seq:
      - id: all
        size-eos: true
`;

test('the subset that is framing becomes a layout, which reads what the compiler reads', async () => {
  const layout = layoutOfKaitai(parse(KSY));
  expect(layout).toEqual({
    kind: 'frame',
    name: 'chunks',
    summary: 'Chunks with a type',
    header: [
      { name: 'magic', bytes: '7e6f6b' },
      { name: 'kind', field: 'u8' },
      { name: 'id', opaque: 2 },
      { name: 'length', field: 'u16be' },
    ],
    counts: { plus: 2 },
    trailer: [{ bytes: '0d0a' }],
  });
  const stream = fromHex('7e6f6b 02 aabb 0005 616263 0d0a 7e6f6b 02 ccdd 0002 0d0a');
  const frames = (await kaitaiParser(KSY))(stream);
  expect(frames.map((frame) => toHex((frame['body'] as { readonly all: Uint8Array }).all))).toEqual(['61 62 63', '']);
  expect(decodeAll(codecOf(layout), [stream]).map((frame) => toHex(frame.subarray(8, -2)))).toEqual(['61 62 63', '']);
});

test.each<Layout>([
  { kind: 'frame', header: [{ name: 'length', field: 'u24le' }] },
  {
    kind: 'frame',
    header: [
      { name: 'length', field: { type: 'u16be', min: 7 } },
      { name: 'unit', field: 'i8' },
    ],
    counts: 'afterLength',
  },
  { kind: 'fixed', byteLength: 13 },
  { kind: 'delimited', delimiters: [{ bytes: '00' }] },
])('%j is the same again after its way through Kaitai', (layout) => {
  const ksy = parse(decoderSource(layout, 'kaitai').replace('size: "payload_size"', 'size: "SIZE"')) as {
    types: { frame: { instances?: { payload_size: { value: string } } } };
  };
  const size = ksy.types.frame.instances?.payload_size.value;
  const again = layoutOfKaitai(JSON.parse(JSON.stringify(ksy).replace('SIZE', size ?? '')));
  const [codec, other] = [codecOf(layout), codecOf(again)];
  const stream = layout.kind === 'fixed' ? fromHex('00'.repeat(26)) : fromHex('05 00 00 08 61 62 63 64 65 66 00');
  const outcome = (made: typeof codec): readonly string[] => {
    const decoder = made.createDecoder();
    decoder.push(stream);
    const payload = decoder.next();
    return payload === undefined ? [] : [toHex(payload)];
  };
  expect(outcome(other)).toEqual(outcome(codec));
  expect(layoutOf(other).kind).toBe(layoutOf(codec).kind);
});

const seq = (...attributes: readonly unknown[]): unknown => ({ meta: { id: 'x', endian: 'le' }, seq: attributes });
const len = { id: 'len', type: 'u2' };

test.each([
  ['text', 'the file is "text", which is not supported as framing; allowed: an object'],
  [{ meta: {} }, 'seq is missing, which is not supported as framing; allowed: a list of attributes'],
  [seq(len), 'seq has no attribute whose size another one says'],
  [
    seq({ ...len, repeat: 'expr', 'repeat-expr': 3 }, { id: 'b', size: 'len' }),
    'seq[0].repeat is "expr", which is not supported as framing',
  ],
  [
    seq(len, { id: 'b', size: 'len * 2' }),
    'seq[1].size is "len * 2", which is not supported as framing; allowed: a field before it, and a number that is added or taken off: len',
  ],
  [seq(len, { id: 'b', 'size-eos': true }), 'seq[1].size-eos is true'],
  [seq({ id: 'n', type: 'f4' }, { id: 'b', size: 'n' }), 'seq[0].type is "f4", which is not supported as framing; allowed: integers'],
  [seq(len, { id: 'b', size: 'len' }, { id: 'crc', type: 'u2' }), 'seq[2].type is "u2", which is not supported as framing'],
  [seq({ ...len, if: 'x' }, { id: 'b', size: 'len' }), 'seq[0].if is "x"'],
  [seq({ ...len, valid: 7 }, { id: 'b', size: 'len' }), 'seq[0].valid is 7'],
  [seq({ id: 'm', contents: [300] }, len), 'seq[0].contents is [300], which is not supported as framing; allowed: bytes and texts'],
])('%j is refused, and what is no framing is named', (ksy, message) => {
  expect(() => layoutOfKaitai(ksy)).toThrow(message);
});
