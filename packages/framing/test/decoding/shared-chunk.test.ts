/** A chunk whose memory is not the decoder's alone, and one whose memory is given away while it is read. */
import { once } from 'node:events';
import * as http2 from 'node:http2';
import { duplexPair } from 'node:stream';
import { listening } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { lengthPrefixed, payloadParts, u16be, u32be } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { sticky } from '../../src/testing.ts';
import { bytes, drain, pattern, text, toHex } from '../support/bytes.ts';
import { framingsOfPayloads } from '../support/payloads.ts';
import type { Bytes } from '../../src/index.ts';

const u16 = lengthPrefixed({ length: u16be });
const u32 = lengthPrefixed({ length: u32be });

const giveAway = ({ buffer }: { readonly buffer: ArrayBufferLike }): void =>
  void structuredClone(null, { transfer: [buffer as ArrayBuffer] });

describe.each(framingsOfPayloads)('$name', ({ create, keepsBoundaries }) => {
  const codec = create();

  test('encoded frames that lie side by side give payloads in memory of their own, which can be transferred', () => {
    const payloads = [0, 1].map((fill) => {
      const decoder = codec.createDecoder();
      decoder.push(codec.encode(pattern(200).fill(0x61 + fill)));
      return decoder.next()!;
    });
    expect(payloads[0]!.buffer).not.toBe(payloads[1]!.buffer);
    giveAway(payloads[0]!);
    expect(toHex(payloads[1]!)).toBe(toHex(pattern(200).fill(0x62)));
  });

  test('advance() throws a TypeError when its chunk was transferred, and so does whatever follows', () => {
    const decoder = codec.createDecoder();
    const chunk = sticky([200, 90, 80].map((byteLength) => codec.encode(pattern(byteLength).fill(0x61))));
    decoder.push(chunk);
    expect(decoder.advance()).toBe(true);
    giveAway(chunk);
    // Of raw, one payload is the whole chunk: nothing of it is unread.
    if (!keepsBoundaries) return expect(decoder.advance()).toBe(false);
    const gone = expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('was transferred') as string });
    for (const call of [() => decoder.advance(), () => decoder.next(), () => decoder.push(bytes('more'))]) {
      expect(call).toThrow(gone);
    }
    return expect(() => decoder.detach()).toThrow(gone);
  });

  test('the last payload of a chunk may be transferred: nothing of it is unread', () => {
    const decoder = codec.createDecoder({ payload: 'view' });
    const seen: string[] = [];
    for (const byteLength of [200, 190, 180]) {
      decoder.push(codec.encode(pattern(byteLength).fill(0x61)).slice());
      for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) {
        seen.push(text(payload));
        giveAway(payload);
      }
    }
    decoder.end();
    expect(seen).toEqual(['a'.repeat(200), 'a'.repeat(190), 'a'.repeat(180)]);
  });

  test('memory that advance() showed may be transferred: the frames behind it are right', () => {
    const decoder = codec.createDecoder();
    const frames = [200, 180, 210].map((byteLength) => codec.encode(pattern(byteLength).fill(0x61)));
    const seen: string[] = [];
    for (const frame of frames) {
      for (const chunk of [frame.slice(0, 110), frame.slice(110)]) {
        decoder.push(chunk);
        while (decoder.advance()) {
          const { payloadMemory, payloadStart, payloadEnd } = decoder;
          seen.push(text(payloadMemory.slice(payloadStart, payloadEnd)));
          if (payloadEnd - payloadStart >= 180) giveAway(payloadMemory);
        }
      }
    }
    expect(seen.join('')).toBe('a'.repeat(200 + 180 + 210));
  });
});

test('a chunk that is a part of larger memory is copied, one that is a read of a socket is not', () => {
  const frame = u16.encode(pattern(40_000));
  const memory = new Uint8Array(65_536);
  memory.set(frame);
  const bufferOf = (chunk: Bytes): ArrayBuffer => {
    const decoder = u16.createDecoder();
    decoder.push(chunk);
    return drain(decoder)[0]!.buffer;
  };
  expect(bufferOf(memory.subarray(0, frame.length))).toBe(memory.buffer);
  memory.set(frame, 9);
  expect(bufferOf(memory.subarray(9, 9 + frame.length))).not.toBe(memory.buffer);
});

test('over a duplexPair(), payloads can be transferred, and no other connection notices', async () => {
  const pairs = [duplexPair(), duplexPair()].map(([left, right]) => [framed(left, u16), framed(right, u16)] as const);
  await Promise.all(pairs.map(([left], index) => left.send(pattern(200).fill(index))));
  const [first, second] = await Promise.all(pairs.map(([, right]) => right.receive()));
  giveAway(first!);
  expect(toHex(second!)).toBe(toHex(pattern(200).fill(1)));
});

test('two streams of one HTTP/2 session share no memory: what one gives away, the other keeps', async () => {
  const server = http2.createServer();
  const port = await listening(server);
  const accepted: http2.ServerHttp2Stream[] = [];
  const bothAccepted = new Promise<void>((resolve) => {
    server.on('stream', (stream: http2.ServerHttp2Stream) => {
      stream.respond();
      if (accepted.push(stream) === 2) resolve();
    });
  });
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const requests = [0, 1].map(() => session.request({ ':method': 'POST' }, { endStream: false }));
  await Promise.all([...requests.map((request) => once(request, 'response')), bothAccepted]);
  const readers = accepted.map((stream) => framed(stream, u32));
  for (const [index, request] of requests.entries())
    request.write(sticky([1, 2].map((fill) => u32.encode(pattern(700).fill(fill + index)))));
  const [first, second] = await Promise.all(readers.map((reader) => reader.receive()));
  giveAway(first!);
  expect([toHex(second!), toHex((await readers[1]!.receive())!)]).toEqual([2, 3].map((fill) => toHex(pattern(700).fill(fill))));
  for (const reader of readers) void reader.close();
  session.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test('a part that is transferred before its chunk was read is a TypeError, not a shorter message', async () => {
  const chunk = sticky([u16.encode(bytes('first')), u16.encode(pattern(100))]);
  const messages = payloadParts(
    u16,
    (async function* () {
      await Promise.resolve();
      yield chunk;
      yield pattern(1);
    })(),
  );
  const parts = async (): Promise<void> => {
    for await (const message of messages) for await (const part of message) giveAway(part);
  };
  await expect(parts()).rejects.toThrow('was transferred');
});

test('the last part of a chunk may be transferred', async () => {
  const source = (async function* () {
    await Promise.resolve();
    yield u16.encode(pattern(200)).slice();
    yield sticky([u16.encode(pattern(190)), u16.encode(pattern(0))]);
  })();
  const seen: number[] = [];
  for await (const message of payloadParts(u16, source, { payload: 'view' })) {
    seen.push(message.byteLength);
    if (message.byteLength === 190) continue;
    for await (const part of message) giveAway(part);
  }
  expect(seen).toEqual([200, 190, 0]);
});

test('a small part keeps no large chunk alive', async () => {
  const wire = sticky([u16.encode(pattern(16)), u32.encode(pattern(200_000))]);
  const source = (async function* () {
    await Promise.resolve();
    yield wire;
  })();
  for await (const message of payloadParts(u16, source)) {
    for await (const part of message) expect(part.buffer.byteLength).toBeLessThanOrEqual(65_536);
    break;
  }
});
