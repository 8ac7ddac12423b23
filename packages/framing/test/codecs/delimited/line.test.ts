import { expect, test, vi } from 'vitest';
import { findByte } from '../../../src/decoding/find-byte.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, createFrameWriter, line } from '../../../src/index.ts';
import { checkCodec, decodeAll, drip, everySplit } from '../../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, pattern, text } from '../../support/bytes.ts';
import type { Bytes, Codec } from '../../../src/index.ts';

vi.mock('../../../src/decoding/find-byte.ts', { spy: true });

function lines(codec: Codec, stream: Bytes): string[] {
  const whole = decodeAll(codec, [stream]).map(text);
  for (const chunks of [drip(stream), ...everySplit(stream)]) expect(decodeAll(codec, chunks).map(text)).toEqual(whole);
  return whole;
}

test('ends every line with LF, and counts neither it nor a dropped CR', () => {
  expect(text(line().encode(bytes('hi')))).toBe('hi\n');
  expect(line().maxPayloadBytes).toBe(DEFAULT_MAX_PAYLOAD_BYTES);
  checkCodec(line({ maxPayloadBytes: 4 }), [bytes('four'), bytes(''), bytes('\rcr'), bytes('cr\rx')]);
});

test('drops one CR before LF, and keeps every other', () => {
  expect(lines(line(), bytes('a\r\n\r\n\r\r\nb\rc\n\n'))).toEqual(['a', '', '\r', 'b\rc', '']);
});

test("keeps every CR with ending: 'lf'", () => {
  const codec = line({ ending: 'lf' });
  expect(lines(codec, bytes('a\r\n\r\n\n'))).toEqual(['a\r', '\r', '']);
  checkCodec(codec, [bytes('ends in CR\r'), bytes('\r')]);
});

test.each(['lf', 'lf-or-crlf'] as const)('%s throws FRAME_ERR_TOO_LARGE one byte over the limit, and not at it', (ending) => {
  const codec = line({ maxPayloadBytes: 4, ending });
  checkCodec(codec, [bytes('four'), bytes('4444')]);
  expect(frameErrorOf(() => codec.encode(bytes('fives')))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, limit: 4 });
  const stream = bytes('ok\nfives\n');
  for (const chunks of [drip(stream), ...everySplit(stream)]) {
    expect(frameErrorOf(() => decodeAll(codec, chunks))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', offset: 3, frameIndex: 1, limit: 4 });
  }
});

test('throws FRAME_ERR_TOO_LARGE on the first byte over the limit, before the line has ended', () => {
  const decoder = line({ maxPayloadBytes: 4 }).createDecoder();
  decoder.push(bytes('four'));
  expect(decoder.next()).toBeUndefined();
  decoder.push(bytes('s'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5 });
});

test('a line of the limit may end in CRLF, however it is cut', () => {
  const codec = line({ maxPayloadBytes: 4 });
  expect(lines(codec, bytes('four\r\n\r\rxx\r\n'))).toEqual(['four', '\r\rxx']);
});

test('a CR after a line of the limit is over it when no LF follows', () => {
  const decoder = line({ maxPayloadBytes: 4 }).createDecoder();
  decoder.push(bytes('four\r'));
  expect(decoder.next()).toBeUndefined();
  decoder.push(bytes('\r'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, limit: 4 });
});

test('a limit of 0 leaves only empty lines', () => {
  const codec = line({ maxPayloadBytes: 0 });
  expect(lines(codec, bytes('\n\r\n\n'))).toEqual(['', '', '']);
  expect(frameErrorOf(() => decodeAll(codec, [bytes('a')])).code).toBe('FRAME_ERR_TOO_LARGE');
});

test('throws FRAME_ERR_TRUNCATED when the last line is not ended, a lone CR included', () => {
  for (const tail of ['x', 'tail', '\r', 'tail\r']) {
    const error = frameErrorOf(() => decodeAll(line(), [bytes(`first\n${tail}`)]));
    expect(error).toMatchObject({ code: 'FRAME_ERR_TRUNCATED', offset: 6, frameIndex: 1 });
    expect(error.message).not.toContain('more needed');
  }
});

test('cannot tell how many bytes a line still needs', () => {
  const decoder = line().createDecoder();
  expect(decoder.neededBytes).toBeUndefined();
  decoder.push(bytes('abc'));
  expect(decoder.next()).toBeUndefined();
  expect([decoder.neededBytes, decoder.bufferedBytes]).toEqual([undefined, 3]);
});

test('throws FRAME_ERR_PAYLOAD for what would not be read back, and writes nothing', () => {
  const writer = createFrameWriter();
  for (const [payload, message] of [
    ['a\nb', 'a line cannot contain LF, found at byte 1 of 3'],
    ['\n', 'a line cannot contain LF, found at byte 0 of 1'],
  ] as const) {
    for (const action of [() => line().encode(bytes(payload)), () => line().encodeInto(writer, bytes(payload))]) {
      expect(frameErrorOf(action)).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', message });
    }
  }
  expect(writer.length).toBe(0);
});

test('a line that ends in CR is written with CR LF behind it, and is read back', () => {
  expect(text(line().encode(bytes('hi\r')))).toBe('hi\r\r\n');
  expect(decodeAll(line(), [bytes('one\r\nhi\r\r\nnext\r\n')]).map((payload) => text(line().encode(payload)))).toEqual([
    'one\n',
    'hi\r\r\n',
    'next\n',
  ]);
  checkCodec(line({ maxPayloadBytes: 4 }), [bytes('end\r'), bytes('\r'), bytes('\r\r')]);
});

test('a line over the limit is FRAME_ERR_TOO_LARGE whatever ends it, as it is before its ending came', () => {
  for (const chunks of everySplit(bytes('abcde\n'))) {
    const error = frameErrorOf(() => decodeAll(line({ ending: 'crlf', maxPayloadBytes: 3 }), chunks));
    expect(error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 4, limit: 3 });
  }
});

test('carries any other bytes, UTF-8 or not', () => {
  checkCodec(line(), [fromHex('00 ff fe 80 00'), bytes('哈哈'), pattern(300)]);
});

test('searches no byte twice', () => {
  const decoder = line().createDecoder();
  const search = vi.mocked(findByte).mockClear();
  for (const chunk of drip(bytes(`${'x'.repeat(2000)}\n`))) {
    decoder.push(chunk);
    decoder.next();
  }
  const searched = search.mock.calls.reduce((sum, [chunk, , from]) => sum + chunk.length - from, 0);
  expect(searched).toBe(2001);
});

test("ending 'crlf' takes CR LF and writes it", () => {
  const strict = line({ ending: 'crlf', maxPayloadBytes: 8 });
  checkCodec(strict, [bytes('one'), bytes(''), bytes('a\rb'), bytes('two\r'), bytes('12345678')]);
  expect(strict.encode(bytes('hi'))).toEqual(bytes('hi\r\n'));
});

test("ending 'crlf' refuses a lone LF as FRAME_ERR_BAD_TRAILER, wherever the stream is cut, after the lines before it", () => {
  for (const chunks of everySplit(bytes('ok\r\nbad\nrest\r\n'))) {
    const decoder = line({ ending: 'crlf' }).createDecoder();
    const seen: string[] = [];
    const decode = (): void => {
      for (const chunk of chunks) {
        decoder.push(chunk);
        for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) seen.push(text(payload));
      }
    };
    expect(decode).toThrow(expect.objectContaining({ code: 'FRAME_ERR_BAD_TRAILER', offset: 4, frameIndex: 1 }));
    expect(seen).toEqual(['ok']);
  }
});

test.each([
  ['a\nb', ['a', 'b']],
  ['a\nb\r', ['a', 'b']],
  ['a\n\r', ['a']],
  ['\r', []],
  ['a\n', ['a']],
  ['', []],
  ['\n\n', ['', '']],
])("unended: 'emit' makes the end of the stream end a line: %j", (stream, expected) => {
  for (const chunks of everySplit(bytes(stream))) {
    const decoder = line({ unended: 'emit' }).createDecoder();
    const seen: string[] = [];
    const drain = (): void => {
      for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) seen.push(text(payload));
    };
    for (const chunk of chunks) {
      decoder.push(chunk);
      drain();
    }
    decoder.end();
    drain();
    expect(seen).toEqual(expected);
    expect(decoder.bufferedBytes).toBe(0);
  }
});

test('refuses an ending or unended that is none', () => {
  expect(() => line({ ending: 'cr' as 'lf' })).toThrow('ending is "cr"; allowed: lf, lf-or-crlf, crlf');
  expect(() => line({ unended: 'drop' as 'emit' })).toThrow('unended is "drop"; allowed: error, emit');
});
