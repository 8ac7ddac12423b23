import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codecOf, FRAMINGS, partsOf } from '../../../src/index.ts';
import { decodeAll, sticky } from '../../../src/testing.ts';
import { decoderSource } from '../../../src/translate.ts';
import { FILES } from '../../layout/files.ts';
import { fromHex, toHex } from '../../support/bytes.ts';
import { packageFolder } from '../../support/package-folder.ts';
import { kaitaiParser } from '../kaitai-parser.ts';
import type { Bytes, FramedLayout, Layout } from '../../../src/index.ts';

interface Vector {
  readonly wire: string;
  readonly error?: unknown;
}

function isKnown(layout: Layout): boolean {
  try {
    return decoderSource(layout, 'kaitai') !== '';
  } catch (error) {
    expect((error as Error).message).toContain(' cannot be translated: ');
    return false;
  }
}

/** The streams of a layout that are right, from its file or its vectors. */
function streamsOf(layout: Layout): readonly Bytes[] {
  if (layout.examples !== undefined) return [sticky(layout.examples.map(fromHex))];
  const vectors = JSON.parse(readFileSync(`${packageFolder}/vectors/${layout.name}.json`, 'utf8')) as readonly Vector[];
  return vectors.map(({ wire }) => fromHex(wire)).filter((stream) => isRight(layout, stream));
}

function isRight(layout: Layout, stream: Bytes): boolean {
  try {
    return decodeAll(codecOf(layout), [stream]).length > 0;
  } catch {
    return false;
  }
}

/** What a payload of Kaitai is: of whole frames the part that is called so. */
function payloadsOf(layout: Layout, stream: Bytes): readonly string[] {
  const payloads = decodeAll(codecOf(layout), [stream]);
  if (layout.kind !== 'frame' || !payloads.some((frame) => layout.emit === 'frame' || hasFields(layout, frame))) return payloads.map(toHex);
  return payloads.map((frame) => {
    const part = partsOf(layout)(frame).find(({ kind }) => kind === 'payload');
    return toHex(part === undefined ? new Uint8Array(0) : frame.subarray(part.start, part.end));
  });
}

function hasFields({ header }: FramedLayout, _frame: Bytes): boolean {
  return header.some((part) => part.name !== 'length' && ('field' in part || 'opaque' in part));
}

const LAYOUTS = [...FRAMINGS.map(({ layout }) => layout), ...FILES.values()].filter(isKnown);

test('these layouts have words in Kaitai', () => {
  expect(LAYOUTS.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['u32be', 'u24le', 'protobuf', 'mqtt', 'dlt645', 'ldap', 'fix', 'hj212', 'iso8583']),
  );
  expect(LAYOUTS.length).toBeGreaterThanOrEqual(40);
});

test.each(LAYOUTS)('$name: what the compiler makes of the file reads the same payloads', async (layout) => {
  const parse = await kaitaiParser(decoderSource(layout, 'kaitai'));
  const streams = streamsOf(layout).filter((stream) => stream.length > 0);
  expect(streams.length).toBeGreaterThan(0);
  for (const stream of streams) expect(parse(stream).map(({ payload }) => toHex(payload))).toEqual(payloadsOf(layout, stream));
});

test('a preamble, two ends and a function of the program are told by their names', () => {
  expect(() => decoderSource({ kind: 'line' }, 'kaitai')).toThrow('ending lf-or-crlf cannot be translated');
  expect(() => decoderSource({ kind: 'delimited', delimiters: ['ab'] }, 'kaitai')).toThrow('delimiters cannot be translated');
  expect(() => decoderSource({ kind: 'cobs' }, 'kaitai')).toThrow('kind cobs cannot be translated');
});
