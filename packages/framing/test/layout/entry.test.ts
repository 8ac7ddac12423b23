import { expect, test } from 'vitest';
import { framingOf } from '../../src/index.ts';
import { checkCodec } from '../../src/testing.ts';
import { fromHex, toHex } from '../support/bytes.ts';
import { DLT645 } from './files.ts';
import type { FramedLayout, Layout } from '../../src/index.ts';

test('a layout with fields is carried in whole frames', () => {
  const entry = framingOf(DLT645);
  expect(entry).toMatchObject({ name: 'dlt645', summary: DLT645.summary, keepsBoundaries: true, isCanonical: false, maxPayloadBytes: 267 });
  expect(entry.exampleFrames!.map(toHex)).toEqual(DLT645.examples);
  checkCodec(entry.create(), entry.exampleFrames!);
  expect(framingOf(entry.text).layout).toEqual(entry.layout);
});

test('a layout without examples gets frames with zeros in their fields', () => {
  const { examples: _examples, ...layout } = DLT645;
  const { exampleFrames, create } = framingOf(layout);
  expect(exampleFrames!.map(toHex)[0]).toBe('68 00 00 00 00 00 00 68 00 00 d0 16');
  expect(exampleFrames!.length).toBe(4);
  checkCodec(create(), exampleFrames!);
});

test('an example that is no frame throws a RangeError', () => {
  expect(() => framingOf({ ...DLT645, examples: ['68 00'] })).toThrow(/^layout.examples\[0\] is not a frame of the layout: /);
});

const plain: FramedLayout = { kind: 'frame', header: [{ name: 'length', field: 'u16be' }] };

test.each<[Layout, boolean]>([
  [plain, true],
  [{ ...plain, header: [{ name: 'length', field: { type: 'asciiHex', digits: 4 } }] }, false],
  [{ ...plain, header: [{ name: 'length', field: 'ber' }] }, false],
  [{ ...plain, header: [{ name: 'length', field: 'varint' }] }, true],
  [{ ...plain, header: [{ name: 'length', field: { type: 'asciiDecimal', digits: 4, pad: 'blank' } }] }, false],
  [{ ...plain, header: [{ name: 'x', reserved: 1 }, ...plain.header] }, false],
  [{ ...plain, header: [{ name: 'x', field: 'u8' }, ...plain.header], padding: { to: 4 } }, true],
  [{ ...plain, padding: { to: 4 } }, false],
  [{ ...plain, trailer: [{ checksum: 'sum', field: { type: 'asciiHex', digits: 2 } }] }, false],
  [{ kind: 'delimited', delimiters: ['a'] }, true],
  [{ kind: 'delimited', delimiters: ['a', 'b'] }, false],
  [{ kind: 'line' }, false],
  [{ kind: 'line', ending: 'crlf' }, true],
  [{ kind: 'octet-counted', fallback: 'lf' }, false],
])('%j: whether a payload has one spelling: %s', (layout, isCanonical) => {
  expect(framingOf(layout).isCanonical).toBe(isCanonical);
});

test('the longest payload is what the format can express, or what the layout allows', () => {
  expect(framingOf(plain).maxPayloadBytes).toBe(65_535);
  expect(framingOf({ ...plain, maxPayloadBytes: 9 }).maxPayloadBytes).toBe(9);
  expect(framingOf({ kind: 'fixed', byteLength: 13 }).maxPayloadBytes).toBe(13);
  expect(framingOf({ kind: 'slip' }).maxPayloadBytes).toBe(Number.MAX_SAFE_INTEGER);
  expect(fromHex('')).toEqual(new Uint8Array(0));
});

test('frames that idle bytes may stand before are not passed on as they came: the idle bytes would go along, or not, as the stream was cut', () => {
  const header = [
    { name: 'start', bytes: '68' },
    { name: 'kind', field: 'u8' },
    { name: 'length', field: 'u8' },
  ] as const;
  expect(framingOf({ kind: 'frame', header }).isCanonical).toBe(true);
  expect(framingOf({ kind: 'frame', header, idle: 'fe' }).isCanonical).toBe(false);
  expect(framingOf({ kind: 'text', head: 'line', idle: '0a' }).isCanonical).toBe(false);
});
