import { expect, test } from 'vitest';
import { amqp, frame, lengthPrefixed, line, payloadParts, u32be, u8, xor } from '../../src/index.ts';
import { drip, sticky } from '../../src/testing.ts';
import { bytes, fromHex, text } from '../support/bytes.ts';
import type { Bytes, BytesIn, PayloadParts } from '../../src/index.ts';

const u32 = lengthPrefixed({ length: u32be });

/** A source that tells how often it was asked, and whether it was closed. */
function sourceOf(chunks: readonly BytesIn[]): { readonly chunks: AsyncIterable<BytesIn>; asked: number; isClosed: boolean } {
  const source = {
    asked: 0,
    isClosed: false,
    chunks: {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ value: chunks[source.asked]!, done: source.asked++ >= chunks.length }),
        return: () => {
          source.isClosed = true;
          return Promise.resolve({ value: undefined, done: true as const });
        },
      }),
    },
  };
  return source;
}

async function joined(message: PayloadParts): Promise<string> {
  const parts: Bytes[] = [];
  for await (const part of message) parts.push(part);
  return text(sticky(parts));
}

test('messages come one by one, with their length before their parts, however the stream was cut', async () => {
  const wire = sticky(['hello', '', 'x'].map((payload) => u32.encode(bytes(payload))));
  for (const chunks of [[wire], drip(wire)]) {
    const seen: unknown[] = [];
    for await (const message of payloadParts(u32, sourceOf(chunks).chunks)) seen.push([message.byteLength, await joined(message)]);
    expect(seen).toEqual([
      [5, 'hello'],
      [0, ''],
      [1, 'x'],
    ]);
  }
});

test('a header with fields comes with its message', async () => {
  const codec = amqp();
  const wire = codec.encode({ header: { type: 3, channel: 7 }, payload: bytes('body') });
  for await (const message of payloadParts(codec, sourceOf([wire]).chunks)) {
    expect([message.header, await joined(message)]).toEqual([{ type: 3, channel: 7 }, 'body']);
  }
});

test('a chunk is asked for when the parts of the last one were taken', async () => {
  const source = sourceOf([fromHex('00000003 61'), bytes('b'), bytes('c')]);
  const message = (await payloadParts(u32, source.chunks).next()).value!;
  const asked = [source.asked];
  for await (const part of message) asked.push(source.asked + part.length - 1);
  expect(asked).toEqual([1, 1, 2, 3]);
});

test('parts that are not read are passed over, and cannot be read later', async () => {
  const wire = sticky(['first', 'second', 'third'].map((payload) => u32.encode(bytes(payload))));
  const messages = payloadParts(u32, sourceOf(drip(wire)).chunks);
  const first = (await messages.next()).value!;
  for await (const part of first) {
    expect(text(part)).toBe('f');
    break;
  }
  await messages.next();
  await expect(joined(first)).rejects.toThrow('the parts of a message are read before the next one is asked for');
  expect(await joined((await messages.next()).value!)).toBe('third');
  expect(await messages.next()).toEqual({ value: undefined, done: true });
});

test('a loop over parts that was left early goes on where it was', async () => {
  const message = (await payloadParts(u32, sourceOf([fromHex('00000002 61'), bytes('b')]).chunks).next()).value!;
  for await (const part of message) {
    expect(text(part)).toBe('a');
    break;
  }
  expect(await joined(message)).toBe('b');
  expect(await joined(message)).toBe('');
});

test('leaving the loop over messages closes the source, and so does a fault', async () => {
  const left = sourceOf([u32.encode(bytes('a'))]);
  for await (const message of payloadParts(u32, left.chunks)) {
    expect(message.byteLength).toBe(1);
    break;
  }
  const faulty = sourceOf([fromHex('ffffffff'), bytes('more')]);
  await expect(payloadParts(u32, faulty.chunks).next()).rejects.toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
  expect([left.isClosed, faulty.isClosed]).toEqual([true, true]);
});

test('a fault behind the payload, and an end inside of it, come after the parts before them', async () => {
  const codec = frame({ header: { length: u8 }, trailer: xor() });
  for (const [wire, code] of [
    [fromHex('02 6869 00'), 'FRAME_ERR_BAD_CHECKSUM'],
    [fromHex('03 6869'), 'FRAME_ERR_TRUNCATED'],
  ] as const) {
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const message of payloadParts(codec, sourceOf([wire]).chunks)) for await (const part of message) seen.push(text(part));
    };
    await expect(read()).rejects.toMatchObject({ code, offset: 0, frameIndex: 0 });
    expect(seen).toEqual(['hi']);
  }
});

test('a copy owns its bytes, a view has those of the chunk', async () => {
  const wire = u32.encode(bytes('more than a tiny chunk'));
  const parts: Bytes[] = [];
  for (const payload of ['copy', 'view'] as const) {
    for await (const message of payloadParts(u32, sourceOf([wire]).chunks, { payload })) for await (const part of message) parts.push(part);
  }
  wire.fill(0);
  expect(parts.map(text)).toEqual(['more than a tiny chunk', '\0'.repeat(22)]);
});

test('other formats, and what is no source, are refused', () => {
  expect(() => payloadParts(line(), sourceOf([]).chunks)).toThrow(RangeError);
  expect(() => payloadParts(u32, bytes('hi') as never)).toThrow('chunks must come in an iterable');
});
