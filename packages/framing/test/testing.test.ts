import { expect, test } from 'vitest';
import { FrameError, lengthPrefixed, raw, u16be, u16le } from '../src/index.ts';
import { checkCodec, decodeAll, drip, everySplit, randomSplits, split, sticky } from '../src/testing.ts';
import { bytes, frameErrorOf, text, toHex } from './support/bytes.ts';
import { NaiveDecoder, naive } from './support/naive-codec.ts';
import type { Bytes, BytesIn, Codec, DecoderOptions } from '../src/index.ts';

const payloads = ['hello', '', 'alex', 'a third message'].map(bytes);

/** Takes each read to be whole messages, as the tutorials do: what is left of a chunk is forgotten. */
class ForgetsTheRest extends NaiveDecoder {
  override push(chunk: BytesIn): void {
    this.unread = new Uint8Array(chunk);
  }
}

/** Takes the header to come whole: `recv(2)` gives two bytes, does it not? */
class RequiresTheHeaderWhole extends NaiveDecoder {
  protected override frameEnd(): number | undefined {
    if (this.unread.length === 1) throw new RangeError('offset is outside the bounds of the DataView');
    return super.frameEnd();
  }
}

/** Hands out one message a chunk, and waits for the next chunk. */
class OneMessageAChunk extends NaiveDecoder {
  #handedOut = false;

  override push(chunk: BytesIn): void {
    super.push(chunk);
    this.#handedOut = false;
  }

  override next(): Bytes | undefined {
    if (this.#handedOut) return undefined;
    this.#handedOut = true;
    return super.next();
  }
}

class LosesTheEnd extends NaiveDecoder {
  override end(): void {}
}

class CallsEveryEndTruncated extends NaiveDecoder {
  override end(): void {
    throw new FrameError('FRAME_ERR_TRUNCATED', 'the stream ended');
  }
}

class ThrowsItsOwnErrorAtTheEnd extends NaiveDecoder {
  override end(): void {
    if (this.bufferedBytes > 0) throw new TypeError('incomplete');
  }
}

/** Hands out views of one scratch memory, which the next message overwrites. */
class ReusesItsMemory extends NaiveDecoder {
  readonly #scratch = new Uint8Array(64);

  override next(): Bytes | undefined {
    const payload = super.next();
    if (payload === undefined) return undefined;
    this.#scratch.set(payload);
    return this.#scratch.subarray(0, payload.length);
  }
}

/** Copies nothing while chunks hold whole messages, whatever the options ask for. */
class NeverCopies extends NaiveDecoder {
  override push(chunk: BytesIn): void {
    if (this.bufferedBytes > 0) super.push(chunk);
    else this.unread = new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.length);
  }

  override next(): Bytes | undefined {
    const end = this.frameEnd();
    if (end === undefined || end > this.unread.length) {
      this.unread = this.unread.slice();
      return undefined;
    }
    const payload = this.unread.subarray(2, end);
    this.unread = this.unread.subarray(end);
    return payload;
  }
}

/** Right through `next`; in place, its payloads are one byte too long. */
class WrongInPlace extends NaiveDecoder {
  payloadMemory = new Uint8Array(0);
  readonly payloadStart = 0;
  payloadEnd = 0;

  advance(): boolean {
    const payload = this.next();
    if (payload === undefined) return false;
    this.payloadMemory = sticky([payload, Uint8Array.of(0)]);
    this.payloadEnd = this.payloadMemory.length;
    return true;
  }
}

/** Keeps only the last of several chunks that came before `next`. */
class KeepsOneChunkAhead extends NaiveDecoder {
  #wasRead = true;

  override push(chunk: BytesIn): void {
    if (!this.#wasRead) this.unread = new Uint8Array(0);
    this.#wasRead = false;
    super.push(chunk);
  }

  override next(): Bytes | undefined {
    this.#wasRead = true;
    return super.next();
  }
}

/** Cuts a message of more than 14 bytes short. */
class CutsLongMessages extends NaiveDecoder {
  override next(): Bytes | undefined {
    return super.next()?.slice(0, 14);
  }
}

class OnlyCopies extends NaiveDecoder {
  constructor(options?: DecoderOptions) {
    super();
    if (options?.payload === 'view') throw new TypeError('views are not supported');
  }
}

test('passes codecs that keep the contract, the simplest one among them', () => {
  checkCodec(naive(NaiveDecoder), payloads);
  checkCodec(lengthPrefixed({ length: u16be }), payloads, { seed: 99, randomSplits: 10 });
  checkCodec(naive(NaiveDecoder), []);
});

const littleEndian = lengthPrefixed({ length: u16le });

test.each<[string, Codec, string]>([
  [
    'forgets the rest of a chunk',
    naive(ForgetsTheRest),
    'naive, byte by byte (payload: auto): decoding throws FrameError: the stream ended inside a frame',
  ],
  [
    'requires the header whole',
    naive(RequiresTheHeaderWhole),
    'naive, byte by byte (payload: auto): decoding throws RangeError: offset is outside the bounds of the DataView',
  ],
  [
    'hands out one message a chunk',
    naive(OneMessageAChunk),
    'naive, whole (payload: auto): decoding throws FrameError: the stream ended inside a frame',
  ],
  ['loses the end', naive(LosesTheEnd), 'naive: a stream cut off at byte 1 passes for whole, expected FRAME_ERR_TRUNCATED'],
  [
    'calls every end truncated',
    naive(CallsEveryEndTruncated),
    'naive, whole (payload: auto): decoding throws FrameError: the stream ended',
  ],
  [
    'throws its own error at the end',
    naive(ThrowsItsOwnErrorAtTheEnd),
    'naive: a stream cut off at byte 1 throws TypeError: incomplete, expected FRAME_ERR_TRUNCATED',
  ],
  [
    'reuses its memory',
    naive(ReusesItsMemory),
    'naive, whole (payload: auto): payload 0 differs: 5 bytes [61 20 74 68 69], expected 5 bytes [68 65 6c 6c 6f]',
  ],
  [
    'never copies',
    naive(NeverCopies),
    'naive, memory of the chunk reused: payload 0 differs: 5 bytes [ee ee ee ee ee], expected 5 bytes [68',
  ],
  ['cuts long messages', naive(CutsLongMessages), 'naive, whole (payload: auto): payload 3 differs: 14 bytes'],
  ['does not know an option', naive(OnlyCopies), 'naive, whole (payload: view): decoding throws TypeError: views are not supported'],
  [
    'encodes differently into a slab',
    naive(NaiveDecoder, { encodeInto: (writer, payload) => littleEndian.encodeInto(writer, payload) }),
    'naive: encodeInto differs from encode: 32 bytes [05 00 68',
  ],
  [
    'adds nothing to a slab',
    naive(NaiveDecoder, { encodeInto: () => undefined }),
    'naive: encodeInto differs from encode: 0 bytes [], expected 32 bytes [00 05 68',
  ],
  [
    'is wrong when read in place',
    naive(WrongInPlace),
    'naive, cut at byte 0, read in place: payload 0 differs: 6 bytes [68 65 6c 6c 6f 00], expected 5 bytes [68',
  ],
  ['keeps no boundaries', raw(), 'raw, whole (payload: auto): 1 payloads, expected 4'],
])('catches a codec that %s', (_, codec, message) => {
  expect(() => checkCodec(codec, payloads)).toThrow(message);
});

test('catches a codec that keeps one chunk ahead, and says how to cut the stream again', () => {
  expect(() => checkCodec(naive(KeepsOneChunkAhead), payloads)).toThrow(
    /^naive, random cut 0 of seed 1 \([\d,]+\), every chunk pushed before the first next: /,
  );
});

test('names the byte of the cut that breaks a codec', () => {
  // Right whole, byte by byte and frame by frame: only two chunks that meet inside this header break it.
  class BreaksAtByte8 extends NaiveDecoder {
    override push(chunk: BytesIn): void {
      if (this.bufferedBytes === 1 && chunk.length > 20) return;
      super.push(chunk);
    }
  }
  expect(() => checkCodec(naive(BreaksAtByte8), payloads)).toThrow(/^naive, cut at byte 1: /);
});

test('keeps the error of the codec as the cause', () => {
  const error: unknown = (() => {
    try {
      return checkCodec(naive(RequiresTheHeaderWhole), payloads);
    } catch (reason) {
      return reason;
    }
  })();
  expect(error).toMatchObject({ cause: expect.any(RangeError) as RangeError });
});

test('everySplit cuts at every place, the ends included, and loses nothing', () => {
  const splits = [...everySplit(bytes('abc'))].map((chunks) => chunks.map(text));
  expect(splits).toEqual([
    ['', 'abc'],
    ['a', 'bc'],
    ['ab', 'c'],
    ['abc', ''],
  ]);
});

test('everySplit cuts into as many parts as it is told, at every place', () => {
  expect([...everySplit(bytes('ab'), { parts: 1 })].map((chunks) => chunks.map(text))).toEqual([['ab']]);
  const three = [...everySplit(bytes('abcd'), { parts: 3 })].map((chunks) => chunks.map(text));
  expect(three.length).toBe(15);
  expect(new Set(three.map((chunks) => chunks.join('|'))).size).toBe(15);
  for (const chunks of three) expect([chunks.length, chunks.join('')]).toEqual([3, 'abcd']);
  expect(three).toContainEqual(['', '', 'abcd']);
  expect(three).toContainEqual(['a', 'bc', 'd']);
});

test('everySplit refuses more ways than anybody would wait for', () => {
  expect(everySplit(new Uint8Array(1412), { parts: 3 }).next().done).toBe(false);
  expect(() => everySplit(new Uint8Array(1413), { parts: 3 })).toThrow(
    new RangeError('1413 bytes can be cut in 3 in 1000405 ways; allowed: 1000000: use randomSplits'),
  );
  for (const parts of [0, 1.5, -1]) {
    expect(() => everySplit(bytes('ab'), { parts })).toThrow(new RangeError(`parts is ${parts}; allowed: whole numbers from 1`));
  }
});

test('split reads chunks from hex, cut at |', () => {
  expect(split('0a|0000|7B ff').map(toHex)).toEqual(['0a', '00 00', '7b ff']);
  expect(split('|00||').map(toHex)).toEqual(['', '00', '', '']);
  expect(decodeAll(lengthPrefixed({ length: u16be }), split('00|02 68|69 00 00')).map(text)).toEqual(['hi', '']);
  for (const hex of ['0', '00|1', 'xy', '0x00', '00,01']) expect(() => split(hex)).toThrow(RangeError);
  expect(() => split('00|123')).toThrow('a chunk must be pairs of hex digits, received "123"');
});

test('drip gives single bytes', () => {
  expect(drip(bytes('abc')).map(text)).toEqual(['a', 'b', 'c']);
  expect(drip(bytes(''))).toEqual([]);
});

test('randomSplits gives the same cuts for the same seed, others for another, and never an empty chunk', () => {
  const stream = bytes('a stream of some forty bytes, to be cut up');
  const cuts = (seed: number): string[][] => [...randomSplits(stream, { seed, count: 20 })].map((chunks) => chunks.map(text));
  expect(cuts(1)).toEqual(cuts(1));
  expect(cuts(2)).not.toEqual(cuts(1));
  expect(cuts(1).length).toBe(20);
  expect(new Set(cuts(1).map((chunks) => chunks.join('|'))).size).toBeGreaterThan(10);
  for (const chunks of cuts(1)) {
    expect(chunks.join('')).toBe(text(stream));
    expect(chunks).not.toContain('');
  }
  expect([...randomSplits(bytes(''), { seed: 1, count: 2 })]).toEqual([[], []]);
});

test('sticky joins into one chunk of its own', () => {
  const parts = [bytes('ab'), Buffer.from('c'), bytes('')];
  const whole = sticky(parts);
  parts[0]?.fill(0);
  expect([toHex(whole), whole.buffer.byteLength]).toEqual(['61 62 63', 3]);
});

test('decodeAll gives every payload, or throws what the decoder throws', () => {
  const codec = lengthPrefixed({ length: u16be });
  const wire = sticky(payloads.map((payload) => codec.encode(payload)));
  expect(decodeAll(codec, drip(wire)).map(text)).toEqual(payloads.map(text));
  expect(frameErrorOf(() => decodeAll(codec, [wire.subarray(0, -1)])).code).toBe('FRAME_ERR_TRUNCATED');
});
