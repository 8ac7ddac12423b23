/** The published schema and the reader of layouts agree. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { CRC16_ALGORITHMS, CRC8_ALGORITHMS } from '../../src/frame/crc.ts';
import { fromHex, toHex } from '../../src/hex.ts';
import { FRAMINGS, framingOf, layoutOf } from '../../src/index.ts';
import { LAYOUT_KINDS } from '../../src/layout/codec-of.ts';
import { checkCodec, decodeAll } from '../../src/testing.ts';
import { packageFolder } from '../support/package-folder.ts';
import { BROKEN } from './broken-layouts.ts';
import { FILES } from './files.ts';

const schema = JSON.parse(readFileSync(`${packageFolder}/layout.schema.json`, 'utf8')) as {
  readonly $defs: Readonly<Record<string, { readonly properties?: Readonly<Record<string, unknown>> }>>;
};
const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(schema);

test.each(FRAMINGS)('$name: the layout and what its codec prints are of the schema', ({ layout, create }) => {
  for (const each of [layout, layoutOf(create())]) {
    validate(each);
    expect(validate.errors, `packages/framing/layout.schema.json does not allow ${JSON.stringify(each)}`).toBeNull();
  }
});

test.each([...FILES])('layouts/%s.json is of the schema, says where it is from, and its examples are read cut anywhere', (name, layout) => {
  expect([validate(layout), validate.errors]).toEqual([true, null]);
  expect(layout).toMatchObject({ $schema: '../layout.schema.json', name, source: expect.any(String), summary: expect.any(String) });
  const { create, exampleFrames } = framingOf(layout);
  const frames = layout.examples!.map((frame) => fromHex(frame)!);
  expect(frames.length).toBeGreaterThanOrEqual(2);
  const payloads = exampleFrames ?? decodeAll(create(), frames);
  checkCodec(create(), payloads);
  expect(payloads.map((payload) => toHex(create().encode(payload)))).toEqual(frames.map(toHex));
});

test.each(BROKEN)('%j is refused by the schema too', (layout) => {
  expect(validate(layout)).toBe(false);
});

test('the schema knows every kind and every algorithm', () => {
  const text = JSON.stringify(schema);
  const missing = LAYOUT_KINDS.filter((kind) => !text.includes(`"${kind}"`));
  expect(missing, 'write these kinds into packages/framing/layout.schema.json').toEqual([]);
  expect(text).toContain(JSON.stringify(CRC16_ALGORITHMS));
  expect(text).toContain(JSON.stringify(CRC8_ALGORITHMS));
});
