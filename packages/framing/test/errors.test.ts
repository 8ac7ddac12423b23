import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FRAME_ERROR_CODES, FrameError, i32be, lengthPrefixed, line, u16be, u32be, u64be } from '../src/index.ts';
import { drip, everySplit, randomSplits, sticky } from '../src/testing.ts';
import { bytes, drain, frameErrorOf, fromHex, pattern, text, toHex } from './support/bytes.ts';
import { framingsOfPayloads, idleBytesOf } from './support/payloads.ts';
import type { Bytes, BytesIn, Codec, FrameErrorCode } from '../src/index.ts';

interface Fault {
  readonly name: string;
  readonly codec: Codec;
  readonly frame: Bytes;
  readonly code: FrameErrorCode;
  readonly declared?: number;
}

const faults: readonly Fault[] = [
  {
    name: 'u16be over the limit',
    codec: lengthPrefixed({ length: u16be, maxPayloadBytes: 20 }),
    frame: sticky([fromHex('00 15'), pattern(21)]),
    code: 'FRAME_ERR_TOO_LARGE',
    declared: 21,
  },
  {
    name: 'i32be negative',
    codec: lengthPrefixed({ length: i32be, maxPayloadBytes: 20 }),
    frame: fromHex('ff ff ff fe 00 00'),
    code: 'FRAME_ERR_MALFORMED_LENGTH',
    declared: -2,
  },
  {
    name: 'u64be beyond 2^53',
    codec: lengthPrefixed({ length: u64be, maxPayloadBytes: 20 }),
    frame: fromHex('00 20 00 00 00 00 00 00 61'),
    code: 'FRAME_ERR_UNSAFE_INTEGER',
    declared: 2 ** 53,
  },
  { name: 'line over the limit', codec: line({ maxPayloadBytes: 20 }), frame: pattern(30), code: 'FRAME_ERR_TOO_LARGE' },
];

const good = ['one', '', 'a longer payload'].map(bytes);

/** Decodes until the fault, taking at most `perChunk` payloads after each chunk; returns it with the payloads before it. */
function faultOf(codec: Codec, chunks: Iterable<BytesIn>, perChunk = Infinity): { error: FrameError; payloads: string[] } {
  const decoder = codec.createDecoder();
  const payloads: string[] = [];
  const take = (count: number): void => {
    for (let taken = 0; taken < count; taken++) {
      const payload = decoder.next();
      if (payload === undefined) return;
      payloads.push(text(payload));
    }
  };
  const error = frameErrorOf(() => {
    for (const chunk of chunks) {
      decoder.push(chunk);
      take(perChunk);
    }
    take(Infinity);
    decoder.end();
  });
  return { error, payloads };
}

test.each(faults)('$name: payloads before the fault come first, and the error says where it is, however the stream is cut', (fault) => {
  const { codec, frame, code } = fault;
  const before = sticky(good.map((payload) => codec.encode(payload)));
  const stream = sticky([before, frame]);
  const splits = [[stream], drip(stream), ...everySplit(stream), ...randomSplits(stream, { seed: 3, count: 50 })];
  // All at once, one a chunk with the rest pushed behind, or only after the last chunk.
  for (const perChunk of [Infinity, 1, 0]) {
    for (const chunks of splits) {
      const { error, payloads } = faultOf(codec, chunks, perChunk);
      expect(payloads).toEqual(good.map(text));
      expect(error).toMatchObject({ name: 'FrameError', code, offset: before.length, frameIndex: good.length, limit: 20 });
      if (fault.declared !== undefined) expect(error.declared).toBe(fault.declared);
      expect(error.hex).not.toBe('');
      expect(toHex(frame).startsWith(error.hex)).toBe(true);
      expect(error.message).toContain(`frame 3 at byte ${before.length}, which starts with ${error.hex}`);
    }
  }
});

test.each(faults)('$name: after a failure push, next, end and detach throw the same error', ({ codec, frame }) => {
  for (const chunks of [[frame], drip(frame)]) {
    const decoder = codec.createDecoder();
    const error = frameErrorOf(() => {
      for (const chunk of chunks) {
        decoder.push(chunk);
        drain(decoder);
      }
    });
    for (let round = 0; round < 2; round++) {
      const valid = codec.encode(bytes('ok'));
      for (const call of [
        () => decoder.push(valid),
        () => decoder.push(bytes('')),
        () => decoder.next(),
        () => decoder.end(),
        () => decoder.detach(),
      ]) {
        expect(frameErrorOf(call)).toBe(error);
      }
    }
    expect(decoder.bufferedBytes).toBe(0);
  }
});

test.each(framingsOfPayloads.filter(({ keepsBoundaries }) => keepsBoundaries))(
  '$name: a truncated frame fails the decoder for good',
  (entry) => {
    const codec = entry.create();
    const decoder = codec.createDecoder();
    const frame = codec.encode(bytes('tail'));
    const idleBytes = idleBytesOf(entry);
    decoder.push(sticky([codec.encode(bytes('first')), frame.subarray(0, -1)]));
    expect(drain(decoder).map(text)).toEqual(['first']);
    const error = frameErrorOf(() => decoder.end());
    const offset = codec.encode(bytes('first')).length + idleBytes;
    const hex = toHex(frame.subarray(idleBytes, -1).subarray(0, 16));
    expect(error).toMatchObject({ code: 'FRAME_ERR_TRUNCATED', offset, frameIndex: 1, hex });
    for (const call of [() => decoder.push(frame), () => decoder.next(), () => decoder.end()]) expect(frameErrorOf(call)).toBe(error);
  },
);

test('the hex window shows at most 16 bytes, wherever they are held', () => {
  const codec = lengthPrefixed({ length: u32be });
  const frame = codec.encode(pattern(40));
  const part = frame.subarray(0, 30);
  for (const chunks of [[part], drip(part), [part.subarray(0, 2), part.subarray(2)], [part.subarray(0, 10), part.subarray(10)]]) {
    const { error } = faultOf(codec, chunks);
    expect(error.hex).toBe(toHex(frame.subarray(0, 16)));
  }
});

test('the offset counts every byte since the stream began, past a detach as well', () => {
  const codec = lengthPrefixed({ length: u16be, maxPayloadBytes: 20 });
  const decoder = codec.createDecoder();
  decoder.push(codec.encode(bytes('hello')));
  decoder.push(fromHex('00 05 61 62'));
  expect(drain(decoder).map(text)).toEqual(['hello']);
  expect(decoder.detach().length).toBe(4);
  decoder.push(sticky([codec.encode(bytes('')), fromHex('ff')]));
  drain(decoder);
  decoder.push(fromHex('ff'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ offset: 7 + 4 + 2, frameIndex: 2 });
});

test('an error of encoding has offset and frameIndex 0, and no bytes to show', () => {
  const error = frameErrorOf(() => line({ maxPayloadBytes: 1 }).encode(bytes('ab')));
  expect(error).toMatchObject({ offset: 0, frameIndex: 0, hex: '', declared: 2, limit: 1 });
  expect(new FrameError('FRAME_ERR_PAYLOAD', 'seen and allowed')).toMatchObject({ declared: undefined, limit: undefined, offset: 0 });
});

test('FRAME_ERROR_CODES is the union, and every code says FRAME_ERR_', () => {
  // Not a list: the compiler refuses a code that is missing here, and one that is no code.
  const union: Record<FrameErrorCode, true> = {
    FRAME_ERR_TOO_LARGE: true,
    FRAME_ERR_MALFORMED_LENGTH: true,
    FRAME_ERR_UNSAFE_INTEGER: true,
    FRAME_ERR_BAD_MAGIC: true,
    FRAME_ERR_BAD_TRAILER: true,
    FRAME_ERR_BAD_CHECKSUM: true,
    FRAME_ERR_OVERLONG_VARINT: true,
    FRAME_ERR_HEADER_TOO_LONG: true,
    FRAME_ERR_BAD_ESCAPE: true,
    FRAME_ERR_TRUNCATED: true,
    FRAME_ERR_TIMEOUT: true,
    FRAME_ERR_PAYLOAD: true,
  };
  expect([...FRAME_ERROR_CODES]).toEqual(Object.keys(union));
  for (const code of FRAME_ERROR_CODES) expect(code).toMatch(/^FRAME_ERR_[A-Z_]+$/);
});

test('the README explains every code, and no other', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `(FRAME_ERR_\w+)` +\| (.+?) +\|$/gm)];
  expect(rows.map(([, code]) => code)).toEqual([...FRAME_ERROR_CODES]);
  expect(new Set(readme.match(/FRAME_ERR_\w+/g))).toEqual(new Set(FRAME_ERROR_CODES));
});

test('every code is thrown by the sources', () => {
  const folder = new URL('../src/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sources = files.map((file) => readFileSync(new URL(file, folder), 'utf8'));
  for (const code of FRAME_ERROR_CODES) expect(sources.some((source) => source.includes(`('${code}'`))).toBe(true);
});
