import * as fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import { json, lengthPrefixed, u32be, withPayload } from '../../src/index.ts';
import { decodeAll, drip } from '../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, text } from '../support/bytes.ts';
import type { Codec, ValueCodec, StandardSchema } from '../../src/index.ts';

const u32 = lengthPrefixed({ length: u32be });

interface Message {
  readonly id: number;
}

/** A schema as libraries make them: an id as digits becomes a number. */
const schema: StandardSchema<{ readonly id: string }, Message> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate(value) {
      const id = (value as { id?: unknown } | null)?.id;
      if (typeof id === 'string' && /^\d+$/.test(id)) return { value: { id: Number(id) } };
      return { issues: [{ message: 'expected digits', path: ['id'] }] };
    },
  },
};

test('reads and writes any value that JSON has', () => {
  const codec = withPayload(u32, json());
  for (const value of [null, true, 0, -1.5, 'text', '粘包', [], [1, [2]], {}, { a: { b: [null] } }]) {
    expect(decodeAll(codec, drip(codec.encode(value)))).toEqual([value]);
  }
  expect(text(codec.encode({ type: 'hello' }).subarray(4))).toBe('{"type":"hello"}');
  expect(codec.name).toBe('u32be+json');
});

test('whatever JSON value is written is read back', () => {
  const codec = withPayload(u32, json());
  const property = fc.property(fc.jsonValue(), (value) => {
    expect(JSON.stringify(decodeAll(codec, [codec.encode(value)])[0])).toBe(JSON.stringify(value));
  });
  fc.assert(property);
});

test.each([
  ['', 'payload is not JSON'],
  ['{"a":', 'payload is not JSON'],
  ["{'a':1}", 'payload is not JSON'],
  ['\u{feff}{}', 'payload is not JSON'],
  ['{}{}', 'payload is not JSON'],
])('%j is FRAME_ERR_PAYLOAD with the place of its frame', (written, message) => {
  const stream = [u32.encode(bytes('1')), u32.encode(bytes(written))];
  const error = frameErrorOf(() => decodeAll(withPayload(u32, json()), stream));
  expect(error).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', offset: 5, frameIndex: 1, cause: expect.any(SyntaxError) as unknown });
  expect(error.message).toContain(message);
});

test('bytes that are no UTF-8 are FRAME_ERR_PAYLOAD, not replaced', () => {
  const error = frameErrorOf(() => decodeAll(withPayload(u32, json()), [u32.encode(fromHex('22 ff 22'))]));
  expect([error.code, error.message.startsWith('payload of 3 bytes is not UTF-8')]).toEqual(['FRAME_ERR_PAYLOAD', true]);
});

test('a value that has no JSON is FRAME_ERR_PAYLOAD', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  for (const value of [undefined, () => 1, Symbol('x'), 1n, cycle]) {
    expect(frameErrorOf(() => withPayload(u32, json()).encode(value)).code).toBe('FRAME_ERR_PAYLOAD');
  }
  expect(frameErrorOf(() => withPayload(u32, json()).encode(undefined)).message).toBe('a value of type undefined has no JSON');
});

test('a key named __proto__ changes no prototype', () => {
  const [value] = decodeAll(withPayload(u32, json()), [u32.encode(bytes('{"__proto__":{"admin":true}}'))]);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test('payloads become what the schema makes of them, and values are checked and sent as they are', () => {
  const codec = withPayload(u32, json({ schema }));
  expect(text(codec.encode({ id: '12' }).subarray(4))).toBe('{"id":"12"}');
  expect(decodeAll(codec, [codec.encode({ id: '12' })])).toEqual([{ id: 12 }]);
  const refused = frameErrorOf(() => codec.encode({ id: 'x' }));
  expect([refused.code, refused.message]).toEqual(['FRAME_ERR_PAYLOAD', 'payload does not fit the schema: id: expected digits']);
  const seen = frameErrorOf(() => decodeAll(codec, [u32.encode(bytes('{"id":"1"}')), u32.encode(bytes('{"id":1}'))]));
  expect(seen).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', frameIndex: 1, offset: 14 });
  expect(seen.message).toContain('payload does not fit the schema: id: expected digits (frame 1 at byte 14');
});

test('types follow the schema, or the word of the caller', () => {
  expectTypeOf(withPayload(u32, json({ schema }))).toEqualTypeOf<Codec<Message, { readonly id: string }>>();
  expectTypeOf(json<Message>()).toEqualTypeOf<ValueCodec<Message, Message>>();
  expectTypeOf(json()).toEqualTypeOf<ValueCodec<unknown, unknown>>();
});
