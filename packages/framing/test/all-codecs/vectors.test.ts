import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FRAMINGS, codecByName } from '../../src/index.ts';
import { drip, everySplit, sticky } from '../../src/testing.ts';
import { drain, frameErrorOf, fromHex, toHex } from '../support/bytes.ts';
import type { Bytes, Codec, FrameErrorCode } from '../../src/index.ts';

/** One example of a wire format that was published, or was made by a program that is not this one. Bytes are hex. */
interface Vector {
  readonly wire: string;
  readonly payloads: readonly string[];
  readonly maxPayloadBytes?: number;
  /** How many more bytes the last frame needs. */
  readonly neededBytes?: number;
  /** What the payloads are encoded to, where that is not `wire`. */
  readonly rewrittenAs?: string;
  readonly error: FrameErrorCode | null;
  readonly source: string;
}

const folder = new URL('../../vectors/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

function vectorsOf(name: string): readonly Vector[] {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as readonly Vector[];
}

const vectors = names.flatMap((name) =>
  vectorsOf(name).map((vector, index) => ({ title: `${name} ${index}: ${vector.source}`, name, vector })),
);

/** Decodes `chunks` to the end of the stream and compares payloads, missing bytes and error. */
function expectVector(codec: Codec, chunks: readonly Bytes[], vector: Vector): void {
  const decoder = codec.createDecoder();
  const payloads: string[] = [];
  const decode = (): void => {
    for (const chunk of chunks) {
      decoder.push(chunk);
      for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) payloads.push(toHex(payload));
    }
    if (vector.neededBytes !== undefined) expect(decoder.neededBytes).toBe(vector.neededBytes);
    decoder.end();
  };
  if (vector.error === null) decode();
  else expect(frameErrorOf(decode).code).toBe(vector.error);
  expect(payloads).toEqual(vector.payloads.map((payload) => toHex(fromHex(payload))));
}

test('every framing that keeps boundaries has vectors, and every file of vectors is a framing', () => {
  const expected = FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries).map(({ name }) => name);
  expect(names.toSorted(), 'write packages/framing/vectors/NAME.json: streams that are read, and refused').toEqual(expected.toSorted());
});

test.each(names)('%s has a vector that is read whole and one that is refused, each with its source', (name) => {
  const own = vectorsOf(name);
  expect(own.some(({ error }) => error === null)).toBe(true);
  expect(own.some(({ error }) => error !== null)).toBe(true);
  for (const { source } of own) expect(source).not.toBe('');
});

test.each(vectors)('$title', ({ name, vector }) => {
  const { maxPayloadBytes } = vector;
  const codec = codecByName(name, maxPayloadBytes === undefined ? {} : { maxPayloadBytes });
  const wire = fromHex(vector.wire);
  expectVector(codec, [wire], vector);
  expectVector(codec, drip(wire), vector);
  for (const chunks of everySplit(wire)) expectVector(codec, chunks, vector);
  if (vector.error === null) {
    const encoded = sticky(vector.payloads.map((payload) => codec.encode(fromHex(payload))));
    expect(toHex(encoded)).toBe(toHex(fromHex(vector.rewrittenAs ?? vector.wire)));
  }
});

test('a vector decodes to a chunk that is drained at once or pushed ahead', () => {
  for (const { name, vector } of vectors.filter(({ vector: { error } }) => error === null)) {
    const decoder = codecByName(name).createDecoder();
    for (const chunk of drip(fromHex(vector.wire))) decoder.push(chunk);
    expect(drain(decoder).map(toHex)).toEqual(vector.payloads.map((payload) => toHex(fromHex(payload))));
  }
});
