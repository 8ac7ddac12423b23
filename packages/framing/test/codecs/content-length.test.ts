import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, contentLength, createFrameWriter } from '../../src/index.ts';
import { checkCodec, drip } from '../../src/testing.ts';
import { bytes, drain, frameErrorOf, fromHex, pattern, text, toHex } from '../support/bytes.ts';
import { checkArbitraryBytes, checkIdentity, outcomeOf, workOf } from '../support/cuts.ts';

const first = 'Content-Length: 2\r\n\r\nok';

function payloadsOf(stream: string): string[] {
  const { payloads, error } = outcomeOf(contentLength(), bytes(stream));
  if (error !== undefined) throw error;
  return payloads.map((payload) => text(fromHex(payload)));
}

test('writes one header line, an empty line and the payload', () => {
  expect(text(contentLength().encode(bytes('hi')))).toBe('Content-Length: 2\r\n\r\nhi');
  expect(text(contentLength().encode(bytes('粘包')))).toBe('Content-Length: 6\r\n\r\n粘包');
  expect(contentLength().maxPayloadBytes).toBe(DEFAULT_MAX_PAYLOAD_BYTES);
});

test('carries anything, however it is cut', () => {
  checkCodec(contentLength(), [bytes('{}'), bytes(''), bytes('\r\n\r\n'), pattern(30)]);
});

test('reads names in any case, spaces around the number, and ignores other headers', () => {
  expect(
    payloadsOf(
      'content-LENGTH:2\r\n\r\nab' +
        'Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: \t 3 \r\nX-Trace:\r\n\r\nabc' +
        'Content-Length: 0\r\n\r\n',
    ),
  ).toEqual(['ab', 'abc', '']);
});

test('throws FRAME_ERR_TOO_LARGE one byte over the limit, on the byte that completes the header, and not at it', () => {
  const codec = contentLength({ maxPayloadBytes: 9 });
  checkCodec(codec, [pattern(9), bytes(''), pattern(9)]);
  expect(frameErrorOf(() => codec.encode(pattern(10)))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 10, limit: 9 });
  const decoder = codec.createDecoder();
  decoder.push(bytes('Content-Length: 10\r\n\r'));
  expect([decoder.next(), decoder.neededBytes]).toEqual([undefined, 1]);
  decoder.push(bytes('\n'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 10, limit: 9, offset: 0 });
});

test.each([
  ['Content-Length: 5abc\r\n\r\n', 'Content-Length is "5abc"'],
  ['Content-Length: -5\r\n\r\n', 'Content-Length is "-5"'],
  ['Content-Length: +5\r\n\r\n', 'Content-Length is "+5"'],
  ['Content-Length: 1e3\r\n\r\n', 'Content-Length is "1e3"'],
  ['Content-Length: 0x5\r\n\r\n', 'Content-Length is "0x5"'],
  ['Content-Length: 05\r\n\r\n', 'Content-Length is "05"'],
  ['Content-Length: 5, 5\r\n\r\n', 'Content-Length is "5, 5"'],
  ['Content-Length:\r\n\r\n', 'Content-Length is ""; allowed: digits that do not start with a zero'],
  ['Content-Length: 2\r\nContent-Length: 3\r\n\r\n', 'Content-Length 2 times: "2, 3"'],
  ['Content-Length: 2\r\ncontent-length: 2\r\n\r\n', 'Content-Length 2 times: "2, 2"'],
  ['Content-Type: text\r\n\r\n', 'header without Content-Length: "Content-Type: text"'],
  ['\r\n', 'header without Content-Length: ""'],
  ['Content-Length : 2\r\n\r\n', 'no header line: "Content-Length : 2"'],
  [': 2\r\n\r\n', 'no header line: ": 2"'],
  ['Content-Length: 2\r\n folded\r\n\r\n', 'no header line: " folded"'],
  ['GET / HTTP/1.1\r\nContent-Length: 2\r\n\r\n', 'no header line: "GET / HTTP/1.1"'],
  ['{"jsonrpc":"2.0"}\r\n\r\n', 'no header line: "{\\"jsonrpc\\":\\"2.0\\"}"'],
  ['Content-Length: 2\n\n', 'header line ended by LF alone, expected CR LF'],
  ['Content-Length: 2\rx', 'header line ended by CR alone, expected CR LF'],
  ['Content-Length: 2\r\r\n', 'header line ended by CR alone, expected CR LF'],
])('%j is FRAME_ERR_MALFORMED_LENGTH that says what was seen', (stream, message) => {
  const { payloads, error } = outcomeOf(contentLength(), bytes(`${first}${stream}`));
  const offset = first.length;
  expect([payloads.length, error]).toEqual([1, expect.objectContaining({ code: 'FRAME_ERR_MALFORMED_LENGTH', offset, frameIndex: 1 })]);
  expect(error?.message).toContain(message);
});

test('refuses the same headers when their payload came with them', () => {
  const codec = contentLength({ maxPayloadBytes: 9 });
  for (const [length, code] of [
    ['05', 'FRAME_ERR_MALFORMED_LENGTH'],
    ['00', 'FRAME_ERR_MALFORMED_LENGTH'],
    ['', 'FRAME_ERR_MALFORMED_LENGTH'],
    ['5 5', 'FRAME_ERR_MALFORMED_LENGTH'],
    ['10', 'FRAME_ERR_TOO_LARGE'],
    ['99999999999999999999999', 'FRAME_ERR_UNSAFE_INTEGER'],
  ]) {
    const { payloads, error } = outcomeOf(codec, bytes(`${first}Content-Length: ${length}\r\n\r\n0123456789abcdef`));
    expect([payloads.length, error]).toEqual([1, expect.objectContaining({ code, offset: first.length, frameIndex: 1 })]);
  }
});

test('throws FRAME_ERR_UNSAFE_INTEGER beyond 2^53 − 1, however many digits', () => {
  const codec = contentLength({ maxPayloadBytes: Number.MAX_SAFE_INTEGER });
  for (const length of ['9007199254740992', '9'.repeat(30), '9'.repeat(400)]) {
    expect(outcomeOf(codec, bytes(`Content-Length: ${length}\r\n\r\n`)).error?.code).toBe('FRAME_ERR_UNSAFE_INTEGER');
  }
});

test('throws FRAME_ERR_HEADER_TOO_LONG when the header is over its limit, and not at it', () => {
  const header = 'X: 1234\r\nContent-Length: 2\r\n\r\n';
  const exact = contentLength({ maxPayloadBytes: 99, maxHeaderBytes: header.length });
  expect(outcomeOf(exact, bytes(`${header}ok${header}ok`)).payloads.length).toBe(2);
  const { payloads, error } = outcomeOf(
    contentLength({ maxPayloadBytes: 99, maxHeaderBytes: header.length - 1 }),
    bytes(`${first}${header}ok`),
  );
  expect([payloads.length, error]).toEqual([
    1,
    expect.objectContaining({ code: 'FRAME_ERR_HEADER_TOO_LONG', offset: first.length, frameIndex: 1, limit: header.length - 1 }),
  ]);
  const decoder = contentLength().createDecoder();
  decoder.push(bytes('x'.repeat(8191)));
  expect(decoder.next()).toBeUndefined();
  decoder.push(bytes('x'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_HEADER_TOO_LONG', declared: 8193, limit: 8192 });
});

test('reads a header that is longer than any stack', () => {
  const header = `X: ${'x'.repeat(500_000)}\r\nContent-Length: 2\r\n\r\n`;
  const decoder = contentLength({ maxHeaderBytes: 1_000_000 }).createDecoder();
  decoder.push(bytes(`${header}ok`));
  expect(drain(decoder).map(text)).toEqual(['ok']);
});

test('throws a RangeError when the limit of the header leaves no room for one', () => {
  expect(() => contentLength({ maxPayloadBytes: 99, maxHeaderBytes: 21 })).toThrow(
    new RangeError('maxHeaderBytes is 21, but the header of 99 bytes has 22'),
  );
  for (const maxHeaderBytes of [Number.NaN, 100.5, -1]) expect(() => contentLength({ maxHeaderBytes })).toThrow(RangeError);
});

test('tells at least how much is missing, and throws FRAME_ERR_TRUNCATED at every byte of a frame', () => {
  const frame = contentLength().encode(bytes('hello'));
  for (let at = 1; at < frame.length; at++) {
    const decoder = contentLength().createDecoder();
    decoder.push(frame.subarray(0, at));
    expect([decoder.next(), decoder.bufferedBytes]).toEqual([undefined, at]);
    const missing = frame.length - at;
    if (missing <= 5) expect(decoder.neededBytes).toBe(missing);
    else expect(decoder.neededBytes).toBe([1, 2, 3][missing - 6] ?? 4);
    expect(frameErrorOf(() => decoder.end())).toMatchObject({
      code: 'FRAME_ERR_TRUNCATED',
      hex: toHex(frame.subarray(0, Math.min(at, 16))),
    });
  }
});

test('a refused payload leaves nothing in the slab', () => {
  const writer = createFrameWriter();
  expect(frameErrorOf(() => contentLength({ maxPayloadBytes: 1 }).encodeInto(writer, bytes('hi'))).code).toBe('FRAME_ERR_TOO_LARGE');
  expect(writer.length).toBe(0);
});

test('takes linear time on one-byte chunks, in the header and in the payload', () => {
  const header = bytes(`X: ${'x'.repeat(60_000)}\r\nContent-Length: 2\r\n\r\nok`);
  expect(workOf(contentLength({ maxHeaderBytes: 100_000 }), drip(header))).toBeLessThanOrEqual(3 * header.length);
  const payload = contentLength().encode(pattern(60_000));
  expect(workOf(contentLength(), drip(payload))).toBeLessThanOrEqual(3 * payload.length);
});

test('arbitrary bytes give FrameErrors at most, and whatever is encoded is read back', () => {
  checkArbitraryBytes(contentLength({ maxPayloadBytes: 20 }), fc.constantFrom(...bytes('Content-Length: 2\r\n\r\n')));
  const codec = contentLength({ maxPayloadBytes: 20, maxHeaderBytes: 40 });
  const header = fc.constantFrom('Content-Length: 1', 'content-length:3', 'X: y', '', '\n', 'Content-Length: 21', 'a', '\r');
  const streams = fc.array(header, { maxLength: 12 }).map((lines) => bytes(lines.join('\r\n')));
  fc.assert(
    fc.property(streams, (stream) => void outcomeOf(codec, stream)),
    { numRuns: 100 },
  );
  checkIdentity(
    contentLength(),
    fc.uint8Array({ maxLength: 120 }).map((payload) => new Uint8Array(payload)),
  );
});
