import { expect, test } from 'vitest';
import {
  DEFAULT_MAX_PAYLOAD_BYTES,
  asciiDecimal,
  asciiHex,
  bcd,
  ber,
  createFrameWriter,
  i32be,
  i32le,
  lengthPrefixed,
  u16be,
  u16le,
  u24be,
  u24le,
  u32be,
  u32le,
  u64be,
  u64le,
  varint,
  u8,
} from '../../../src/index.ts';
import { checkCodec, decodeAll, drip } from '../../../src/testing.ts';
import { bytes, drain, frameErrorOf, fromHex, pattern, text, toHex } from '../../support/bytes.ts';
import type { BytesIn, IntegerField } from '../../../src/index.ts';

const fields: readonly IntegerField[] = [u8, u16be, u16le, u24be, u24le, u32be, u32le, i32be, i32le, u64be, u64le];

function prefix(length: IntegerField, value: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(length.byteLength);
  length.write(header, 0, value);
  return header;
}

test('writes the length, then the payload', () => {
  expect(toHex(lengthPrefixed({ length: u32be }).encode(bytes('hi')))).toBe('00 00 00 02 68 69');
  expect(toHex(lengthPrefixed({ length: i32le }).encode(bytes('hi')))).toBe('02 00 00 00 68 69');
});

test('carries three glued messages of 哈哈哈哈哈 cut at every byte', () => {
  checkCodec(lengthPrefixed({ length: i32le }), [bytes('哈哈哈哈哈'), bytes('哈哈哈哈哈'), bytes('哈哈哈哈哈')]);
});

test.each(fields)('$name carries a payload of exactly the limit and throws FRAME_ERR_TOO_LARGE one byte over it', (length) => {
  const codec = lengthPrefixed({ length, maxPayloadBytes: 9 });
  checkCodec(codec, [pattern(9), bytes(''), pattern(9)]);
  const error = frameErrorOf(() => codec.encode(pattern(10)));
  expect(error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 10, limit: 9, message: 'payload of 10 bytes, limit 9' });
});

test.each(fields)('$name throws FRAME_ERR_TOO_LARGE on the byte that completes the header, before any payload', (length) => {
  const decoder = lengthPrefixed({ length, maxPayloadBytes: 9 }).createDecoder();
  const chunks = drip(prefix(length, 10));
  for (const chunk of chunks.slice(0, -1)) {
    decoder.push(chunk);
    expect(decoder.next()).toBeUndefined();
  }
  decoder.push(chunks.at(-1)!);
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 10, limit: 9, offset: 0 });
});

test.each(fields)(
  '$name tells how many bytes are missing at every byte, and throws FRAME_ERR_TRUNCATED when the stream ends there',
  (length) => {
    const codec = lengthPrefixed({ length });
    const frame = codec.encode(bytes('payload'));
    for (let at = 1; at < frame.length; at++) {
      const decoder = codec.createDecoder();
      decoder.push(frame.subarray(0, at));
      expect(decoder.next()).toBeUndefined();
      const needed = at < length.byteLength ? length.byteLength - at : frame.length - at;
      expect([decoder.neededBytes, decoder.bufferedBytes]).toEqual([needed, at]);
      const error = frameErrorOf(() => decoder.end());
      expect(error.code).toBe('FRAME_ERR_TRUNCATED');
      expect(error.message).toContain(`${at} bytes of it arrived, at least ${needed} more needed`);
    }
  },
);

test('throws FRAME_ERR_TRUNCATED when the stream ends right after a header that announces bytes', () => {
  const decoder = lengthPrefixed({ length: u32be }).createDecoder();
  decoder.push(prefix(u32be, 1));
  expect(decoder.next()).toBeUndefined();
  expect(frameErrorOf(() => decoder.end()).code).toBe('FRAME_ERR_TRUNCATED');
});

test('ends silently between frames', () => {
  const decoder = lengthPrefixed({ length: u8 }).createDecoder();
  decoder.end();
  decoder.push(fromHex('01 61 00'));
  expect(drain(decoder).map(text)).toEqual(['a', '']);
  expect(decoder.neededBytes).toBe(1);
  decoder.end();
});

test.each([i32be, i32le])('$name throws FRAME_ERR_MALFORMED_LENGTH for every negative length', (length) => {
  for (const value of [-1, -2, -10, -255, -256, -65_536, length.min]) {
    for (const chunks of [[prefix(length, value)], drip(prefix(length, value))]) {
      const error = frameErrorOf(() => decodeAll(lengthPrefixed({ length }), chunks));
      expect(error).toMatchObject({ code: 'FRAME_ERR_MALFORMED_LENGTH', declared: value });
    }
  }
});

test.each([
  [u64be, '00 20 00 00 00 00 00 00', '00 1f ff ff ff ff ff ff'],
  [u64le, '00 00 00 00 00 00 20 00', 'ff ff ff ff ff ff 1f 00'],
] as const)('$0.name throws FRAME_ERR_UNSAFE_INTEGER from 2^53 on, whatever the limit', (length, unsafe, safe) => {
  const codec = lengthPrefixed({ length, maxPayloadBytes: Number.MAX_SAFE_INTEGER });
  for (const header of [unsafe, 'ff ff ff ff ff ff ff ff']) {
    for (const chunks of [[fromHex(header)], drip(fromHex(header))]) {
      expect(frameErrorOf(() => decodeAll(codec, chunks)).code).toBe('FRAME_ERR_UNSAFE_INTEGER');
    }
  }
  const decoder = codec.createDecoder();
  decoder.push(fromHex(safe));
  expect(decoder.next()).toBeUndefined();
  expect(decoder.neededBytes).toBe(Number.MAX_SAFE_INTEGER);
});

test.each(fields)('$name takes a default limit of 1 MiB, or what the field holds when that is less', (length) => {
  const expected = { u8: 255, u16be: 65_535, u16le: 65_535 }[length.name] ?? DEFAULT_MAX_PAYLOAD_BYTES;
  expect(lengthPrefixed({ length }).maxPayloadBytes).toBe(expected);
});

test.each(fields)('$name carries the longest payload that its default limit allows', (length) => {
  const codec = lengthPrefixed({ length });
  const payload = new Uint8Array(codec.maxPayloadBytes).fill(0x5a);
  const frame = codec.encode(payload);
  expect(frame.length).toBe(length.byteLength + payload.length);
  const cut = frame.length - 1;
  const [seen, ...more] = decodeAll(codec, [frame.subarray(0, cut), frame.subarray(cut)]);
  expect(more).toEqual([]);
  expect(Buffer.compare(seen!, payload)).toBe(0);
});

test.each(fields)('$name refuses a payload longer than the field can say, and writes nothing', (length) => {
  const codec = lengthPrefixed({ length, maxPayloadBytes: length.max });
  // A stand-in: so many bytes cannot be had, and none may be touched.
  const payload: BytesIn = Object.defineProperty(new Uint8Array(0), 'length', { value: length.max + 1 });
  const writer = createFrameWriter();
  for (const action of [() => codec.encode(payload), () => codec.encodeInto(writer, payload)]) {
    expect(frameErrorOf(action)).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: length.max + 1, limit: length.max });
  }
  expect(writer.length).toBe(0);
});

test.each([asciiDecimal({ digits: 4 }), asciiHex(4), bcd(2), ber(), varint()])(
  'throws a RangeError for $name, which the compiler refuses',
  (field) => {
    // @ts-expect-error -- not an integer of fixed width
    expect(() => lengthPrefixed({ length: field })).toThrow(
      new RangeError(`length is ${field.name}, which is no fixed-width integer: use frame({ header: { length } })`),
    );
  },
);

test('throws a RangeError when the limit is more than the field can hold', () => {
  expect(() => lengthPrefixed({ length: u8, maxPayloadBytes: 256 })).toThrow(
    new RangeError('maxPayloadBytes is 256, but a u8 length holds at most 255'),
  );
  expect(lengthPrefixed({ length: u8, maxPayloadBytes: 255 }).maxPayloadBytes).toBe(255);
});

test('a limit of 0 leaves only empty payloads', () => {
  const codec = lengthPrefixed({ length: u16be, maxPayloadBytes: 0 });
  checkCodec(codec, [bytes(''), bytes('')]);
  expect(frameErrorOf(() => codec.encode(bytes('a'))).code).toBe('FRAME_ERR_TOO_LARGE');
  expect(frameErrorOf(() => decodeAll(codec, [fromHex('00 01')])).code).toBe('FRAME_ERR_TOO_LARGE');
});

test('takes a length field of anybody', () => {
  const u40be: IntegerField = {
    name: 'u40be',
    byteLength: 5,
    min: 0,
    max: 2 ** 40 - 1,
    read: (chunk, offset) => u8.read(chunk, offset) * 2 ** 32 + u32be.read(chunk, offset + 1),
    write(chunk, offset, value) {
      u8.write(chunk, offset, Math.floor(value / 2 ** 32));
      u32be.write(chunk, offset + 1, value % 2 ** 32);
    },
  };
  const codec = lengthPrefixed({ length: u40be });
  expect([codec.name, toHex(codec.encode(bytes('hi')))]).toEqual(['u40be', '00 00 00 00 02 68 69']);
  checkCodec(codec, [bytes('hi'), bytes(''), pattern(40)]);
});
