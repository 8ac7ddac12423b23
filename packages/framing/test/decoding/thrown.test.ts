import { describe, expect, test } from 'vitest';
import { frame, lengthPrefixed, u8, withPayload } from '../../src/index.ts';
import { bytes, frameErrorOf, text } from '../support/bytes.ts';
import { BAD, NO_NUMBERS, READERS, THROWS } from '../support/misbehaviour.ts';
import type { Bytes, Codec, FrameError } from '../../src/index.ts';
import type { Answer } from '../support/misbehaviour.ts';

const throwing =
  (thrown: unknown): Answer =>
  () => {
    throw thrown;
  };

/** Two good frames, one that meets the bad answer, one more. A payload of `custom` is the whole frame. */
function wireOf(name: string, make: (answer: Answer) => Codec): Bytes {
  const isWhole = name.endsWith('custom');
  const good = make(() => (isWhole ? 1 + BAD : BAD) as never);
  const payloads = ['hi', 'you', 'x'.repeat(BAD), '!'].map((said) =>
    name.endsWith('custom') ? String.fromCharCode(said.length) + said : said,
  );
  return Uint8Array.from(payloads.flatMap((payload) => [...good.encode(bytes(payload))]));
}

/** What is read of a stream that comes in pieces of so many bytes, and the error at its end. */
function readAll(codec: Codec, wire: Bytes, pieceBytes: number): { readonly texts: readonly string[]; readonly error: FrameError } {
  const decoder = codec.createDecoder();
  const texts: string[] = [];
  const error = frameErrorOf(() => {
    for (let at = 0; at < wire.length; at += pieceBytes) {
      decoder.push(wire.subarray(at, at + pieceBytes));
      for (let payload = decoder.next(); payload !== undefined; payload = decoder.next())
        texts.push(text(payload[0]! <= BAD ? payload.subarray(1) : payload));
    }
  });
  // It stays the same one, and nothing of the stream is held any more.
  expect(frameErrorOf(() => decoder.next())).toBe(error);
  expect(decoder.bufferedBytes).toBe(0);
  return { texts, error };
}

describe.each(READERS)('%s', (name, make, code) => {
  const wire = wireOf(name, make);

  test.each(THROWS)(
    'that throws %s is a FrameError behind the frames before it, with what was thrown as its cause',
    (_what, thrown, expected) => {
      for (const pieceBytes of [1, 4, wire.length]) {
        const { texts, error } = readAll(make(throwing(thrown)), wire, pieceBytes);
        expect({ texts, code: error.code, cause: error.cause, frameIndex: error.frameIndex }).toEqual({
          texts: ['hi', 'you'],
          code: expected,
          cause: thrown,
          frameIndex: 2,
        });
      }
    },
  );

  test.each(NO_NUMBERS)(`that returns %s is ${code} behind the frames before it`, (_what, returned) => {
    for (const pieceBytes of [1, 4, wire.length]) {
      const { texts, error } = readAll(make(returned as Answer), wire, pieceBytes);
      expect({ texts, code: error.code, frameIndex: error.frameIndex }).toEqual({ texts: ['hi', 'you'], code, frameIndex: 2 });
    }
  });
});

test('a field of the header that is read as no number is FRAME_ERR_PAYLOAD, behind the frames before it', () => {
  for (const answer of [...NO_NUMBERS.map(([, returned]) => returned as Answer), throwing(new Error('mine'))]) {
    const type = { ...u8, name: 'own', read: (b: Uint8Array, at: number) => (b[at] === BAD ? answer() : b[at]!) };
    const decoder = frame({ header: { type, length: u8 } }).createDecoder();
    decoder.push(Uint8Array.of(1, 1, 0x61, BAD, 1, 0x62));
    expect(decoder.next()?.header).toEqual({ type: 1 });
    expect(frameErrorOf(() => decoder.next()).code).toBe('FRAME_ERR_PAYLOAD');
  }
});

test('a payload codec that decodes later is FRAME_ERR_PAYLOAD: a promise is no message', () => {
  const codec = withPayload(lengthPrefixed({ length: u8 }), {
    name: 'later',
    decode: (payload) => (payload.length === BAD ? Promise.reject(new Error('too late')) : payload),
    encode: (payload: Bytes) => payload,
  });
  const decoder = codec.createDecoder();
  decoder.push(Uint8Array.of(1, 1, BAD, 1, 1, 1, 1, 1, 1, 1));
  expect(decoder.next()).toEqual(Uint8Array.of(1));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({
    code: 'FRAME_ERR_PAYLOAD',
    frameIndex: 1,
    message: expect.stringContaining('promise'),
  });
});
