import { expect, test } from 'vitest';
import { createFrameWriter, grpc, json, lengthPrefixed, line, modbus, SKIP, slip, u16be, utf8, withPayload } from '../../src/index.ts';
import { checkCodec, decodeAll, drip, everySplit, sticky } from '../../src/testing.ts';
import { bytes, drain, frameErrorOf, fromHex, toHex } from '../support/bytes.ts';
import type { Codec, PayloadCodec } from '../../src/index.ts';

const u16 = lengthPrefixed({ length: u16be, maxPayloadBytes: 20 });
const messages: Codec<string, string> = withPayload(u16, utf8());

test('frames first and decodes after: no cut falls inside a character', () => {
  const texts = ['粘包', '', '半包 🧵', 'plain'];
  const stream = sticky(texts.map((message) => messages.encode(message)));
  for (const chunks of [[stream], drip(stream), ...everySplit(stream)]) expect(decodeAll(messages, chunks)).toEqual(texts);
});

test('is named after both, and keeps the limit of the framing, in bytes', () => {
  expect([messages.name, messages.maxPayloadBytes]).toEqual(['u16be+utf8', 20]);
  expect(withPayload(line(), json(), 'mine').name).toBe('mine');
  expect(frameErrorOf(() => messages.encode('粘'.repeat(7)))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 21, limit: 20 });
});

test('encodes into a slab what single frames hold', () => {
  const writer = createFrameWriter();
  for (const message of ['a', '粘']) messages.encodeInto(writer, message);
  expect(toHex(writer.take())).toBe('00 01 61 00 03 e7 b2 98');
});

test('a payload that cannot be read is FRAME_ERR_PAYLOAD with the place of its frame, after the good ones', () => {
  const before = sticky([messages.encode('one'), messages.encode('')]);
  const stream = sticky([before, fromHex('00 03 61 ff 62'), messages.encode('after')]);
  for (const chunks of [[stream], drip(stream), ...everySplit(stream)]) {
    const decoder = messages.createDecoder();
    const texts: string[] = [];
    const error = frameErrorOf(() => {
      for (const chunk of chunks) {
        decoder.push(chunk);
        for (let message = decoder.next(); message !== undefined; message = decoder.next()) texts.push(message);
      }
    });
    expect(texts).toEqual(['one', '']);
    expect(error).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', offset: before.length, frameIndex: 2, hex: '61 ff 62' });
    expect(error.message).toBe('payload of 3 bytes is not UTF-8 (frame 2 at byte 7, payload starts with 61 ff 62)');
  }
});

test('the offset counts what a detach took, and what the framing skips', () => {
  const decoder = withPayload(slip(), utf8()).createDecoder();
  decoder.push(fromHex('c0 61 c0 c0 62'));
  expect(drain(decoder)).toEqual(['a']);
  expect(toHex(decoder.detach())).toBe('62');
  decoder.push(fromHex('c0 ff c0'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ offset: 6, frameIndex: 1 });
});

test('after such an error the decoder is finished: every later call throws the same one, and nothing is held', () => {
  const decoder = messages.createDecoder();
  decoder.push(sticky([fromHex('00 01 ff'), messages.encode('after')]));
  const error = frameErrorOf(() => decoder.next());
  for (const call of [() => decoder.push(bytes('x')), () => decoder.next(), () => decoder.end(), () => decoder.detach()]) {
    expect(frameErrorOf(call)).toBe(error);
  }
  expect(decoder.bufferedBytes).toBe(0);
});

test('passes on the errors of the framing, and where its decoder stands', () => {
  const decoder = messages.createDecoder();
  expect(decoder.neededBytes).toBe(2);
  decoder.push(fromHex('00 05 61'));
  expect([decoder.next(), decoder.neededBytes, decoder.bufferedBytes]).toEqual([undefined, 4, 3]);
  expect(frameErrorOf(() => decoder.end()).code).toBe('FRAME_ERR_TRUNCATED');
  expect(frameErrorOf(() => decodeAll(messages, [fromHex('00 15')])).code).toBe('FRAME_ERR_TOO_LARGE');
});

test('whatever a payload codec throws becomes FRAME_ERR_PAYLOAD, and its cause', () => {
  for (const thrown of [new RangeError('odd'), 'a string', undefined]) {
    const throwing: PayloadCodec<never, string> = {
      name: 'throwing',
      decode: () => {
        throw thrown;
      },
      encode: () => {
        throw thrown;
      },
    };
    const codec = withPayload(u16, throwing);
    for (const action of [
      () => decodeAll(codec, [fromHex('00 00')]),
      () => codec.encode('x'),
      () => codec.encodeInto(createFrameWriter(), 'x'),
    ]) {
      const error = frameErrorOf(action);
      expect([error.code, error.cause]).toEqual(['FRAME_ERR_PAYLOAD', thrown]);
      expect(error.message).toContain(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
});

test('on a codec with header fields, the header comes along, and tells which payloads to skip', () => {
  const requests = withPayload(grpc(), json<{ readonly n: number }>());
  checkCodec(requests, [
    { header: { compressed: 0 }, payload: { n: 1 } },
    { header: { compressed: 1 }, payload: { n: 2 } },
  ]);
  const withoutBeats = withPayload(modbus(), {
    name: 'without-beats',
    decode: (payload, { unit }) => (unit === 0 ? SKIP : `${unit}:${utf8().decode(payload)}`),
    encode: (value: string, { unit }) => utf8().encode(unit === 0 ? '' : value),
  });
  const header = { transaction: 7, unit: 1 };
  const wire = sticky(
    [
      { header: { transaction: 6, unit: 0 }, payload: 'x' },
      { header, payload: 'a' },
    ].map((each) => withoutBeats.encode(each)),
  );
  for (const chunks of everySplit(wire)) expect(decodeAll(withoutBeats, chunks)).toEqual([{ header, payload: '1:a' }]);
  expect(withoutBeats.name).toBe('modbus+without-beats');
});

test('a header that is missing is a TypeError, a payload that cannot be read FRAME_ERR_PAYLOAD with its place', () => {
  const requests = withPayload(grpc(), json());
  expect(() => requests.encode('text' as never)).toThrow('grpc carries objects { header: { compressed }, payload }, received');
  expect(() => requests.encode({ payload: 1 } as never)).toThrow('grpc carries objects { header: { compressed }, payload }');
  const wire = sticky([
    requests.encode({ header: { compressed: 0 }, payload: 1 }),
    grpc().encode({ header: { compressed: 0 }, payload: bytes('{') }),
  ]);
  expect(frameErrorOf(() => decodeAll(requests, [wire]))).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', offset: 6, frameIndex: 1, hex: '7b' });
});

test('decode() that returns undefined is FRAME_ERR_PAYLOAD: a forgotten return must not lose messages', () => {
  const codec = withPayload(u16, { name: 'forgetful', decode: (payload) => void payload, encode: (value: Uint8Array) => value });
  const error = frameErrorOf(() => decodeAll(codec, [fromHex('00 00')]));
  expect([error.code, error.message.split(' (')[0]]).toEqual([
    'FRAME_ERR_PAYLOAD',
    'decode of forgetful returned undefined; to skip a payload, return SKIP',
  ]);
});
