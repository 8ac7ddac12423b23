import { duplexPair } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { handOver } from '../../src/decoding/hand-over.ts';
import { lengthPrefixed, line, u16be, withPayload } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { sticky } from '../../src/testing.ts';
import { bytes, pattern, text, toHex } from '../support/bytes.ts';
import { framingsOfPayloads } from '../support/payloads.ts';
import type { ByteCodec, Bytes, Codec } from '../../src/index.ts';

/** Two frames side by side. */
function twoFrames(codec: ByteCodec): Bytes {
  return sticky([200, 90].map((byteLength) => codec.encode(pattern(byteLength).fill(0x61))));
}

describe.each(framingsOfPayloads)('$name', ({ create }) => {
  const codec = create();
  const stream = twoFrames(codec);

  test('what is not decoded is handed over where it lies, and what was held of a frame before it', () => {
    for (const cut of [0, 1, stream.length - 1]) {
      const [one, other] = [codec.createDecoder(), codec.createDecoder()];
      for (const decoder of [one, other]) {
        decoder.push(stream.slice(0, cut));
        if (cut > 0) decoder.next();
        decoder.push(stream.slice(cut));
      }
      const rest = handOver(one);
      expect(toHex(rest)).toBe(toHex(other.detach()));
      expect([one.bufferedBytes, one.next()]).toEqual([0, undefined]);
    }
  });
});

test.each(framingsOfPayloads.filter(({ keepsBoundaries }) => keepsBoundaries))(
  '$name: the decoder after it finds the next frame in the same memory',
  ({ create }) => {
    const codec = create();
    const [first, second] = [codec.createDecoder(), codec.createDecoder()];
    const chunk = twoFrames(codec).slice();
    first.push(chunk);
    expect(first.next()?.length).toBe(200);
    const rest = handOver(first);
    expect(rest.buffer).toBe(chunk.buffer);
    second.push(rest);
    expect(second.next()?.length).toBe(90);
  },
);

test('a codec that changes with each message copies nothing of the chunk behind it', async () => {
  const memories: ArrayBufferLike[] = [];
  const lines = line();
  const watched = (): Codec => ({
    ...lines,
    encode: (payload) => lines.encode(payload),
    createDecoder(options) {
      const decoder = lines.createDecoder(options);
      const push = decoder.push.bind(decoder);
      decoder.push = (chunk) => {
        memories.push(chunk.buffer);
        push(chunk);
      };
      return decoder;
    },
  });
  const [left, right] = duplexPair();
  const messages = framed(left, watched());
  right.end('x\n'.repeat(1000));
  let count = 0;
  await messages.forEach((message) => {
    expect(text(message)).toBe('x');
    count += 1;
    messages.switchCodec(watched());
  });
  expect(count).toBe(1000);
  // The chunk as it came, and an empty one of the last switch, or of a decoder that had read all.
  expect(new Set(memories.filter((memory) => memory.byteLength > 0)).size).toBe(1);
});

test('a decoder of a program, which knows only detach(), hands over too', () => {
  const decoder = lengthPrefixed({ length: u16be }).createDecoder();
  decoder.push(bytes('\0\u0002hi\0'));
  expect(text(handOver({ detach: () => decoder.detach() }))).toBe('\0\u0002hi\0');
});

test('what a payload decoder refused is not handed over', () => {
  const codec = withPayload(lengthPrefixed({ length: u16be }), {
    name: 'refusing',
    encode: (value: string) => bytes(value),
    decode(): string {
      throw new Error('refused');
    },
  });
  const decoder = codec.createDecoder();
  decoder.push(bytes('\0\u0002hi\0\u0002ho'));
  expect(() => decoder.next()).toThrow('refused');
  expect(() => handOver(decoder)).toThrow('refused');
});
