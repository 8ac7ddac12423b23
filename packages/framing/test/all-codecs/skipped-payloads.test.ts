/** A payload codec that returns SKIP skips the payload, on every surface and wherever the stream is cut. */
import { socketPair } from '@socklab/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { lengthPrefixed, line, SKIP, slip, u16be, utf8, withPayload } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { decodeAll, drip, everySplit, sticky } from '../../src/testing.ts';
import { SURFACES } from '../streams/surfaces.ts';
import { bytes, frameErrorOf, text } from '../support/bytes.ts';
import type { ByteCodec, Bytes, Codec, PayloadCodec } from '../../src/index.ts';

/** Payloads but for heartbeats, which are empty or say so. */
const withoutHeartbeats: PayloadCodec<Bytes | typeof SKIP, Uint8Array> = {
  name: 'without-heartbeats',
  decode: (payload) => (payload.length === 0 || text(payload) === 'beat' ? SKIP : payload),
  encode: (payload) => payload,
};

const codec: Codec<Bytes> = withPayload(lengthPrefixed({ length: u16be }), withoutHeartbeats);

const sent = ['beat', 'one', '', 'beat', 'two', 'three', ''].map(bytes);
const wire = sticky(sent.map((payload) => codec.encode(payload)));
const expected = ['one', 'two', 'three'];

// `advance` finds payloads and decodes none.
const surfaces = Object.entries(SURFACES).filter(([name]) => name !== 'push and advance');

test.each(surfaces)('%s: heartbeats are skipped at every cut', async (name, surface) => {
  const cuts = name.startsWith('framed') ? [[wire], drip(wire)] : [...everySplit(wire), drip(wire)];
  for (const chunks of cuts) {
    const seen: string[] = [];
    await surface(codec as ByteCodec, chunks, (payload) => void seen.push(text(payload)));
    expect(seen).toEqual(expected);
  }
});

test('a stream of heartbeats alone is an empty one', () => {
  const beats = sticky(Array.from({ length: 5000 }, () => codec.encode(bytes('beat'))));
  expect(decodeAll(codec, [beats])).toEqual([]);
  expect(decodeAll(codec, drip(beats.subarray(0, 60)))).toEqual([]);
});

test.each([lengthPrefixed({ length: u16be }), line(), slip()])(
  '$name: frames that were skipped count in the place of an error behind them',
  (framing) => {
    const strict = withPayload(framing, {
      name: 'strict',
      decode: (payload) => (text(payload) === 'beat' ? SKIP : utf8().decode(payload)),
      encode: (value: Uint8Array) => value,
    });
    const good = sticky([strict.encode(bytes('beat')), strict.encode(bytes('one')), strict.encode(bytes('beat'))]);
    const stream = sticky([good, strict.encode(Uint8Array.of(0xff))]);
    for (const chunks of [...everySplit(stream), drip(stream)]) {
      expect(frameErrorOf(() => decodeAll(strict, chunks))).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', frameIndex: 3 });
    }
  },
);

afterEach(() => void vi.useRealTimers());

test('framed: heartbeats arrive in time though no message does, and one that does not complete is FRAME_ERR_TIMEOUT', async () => {
  await using pair = await socketPair();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const messages = framed(pair.server, codec, { partialFrameTimeoutMs: 1000 });
  const batch = messages.nextBatch().catch((error: unknown) => error);
  const beat = codec.encode(bytes('beat'));
  const send = async (chunk: Uint8Array): Promise<void> => {
    const arrived = new Promise<void>((resolve) => pair.server.once('data', () => resolve()));
    pair.client.write(chunk);
    await arrived;
    await new Promise((resolve) => setImmediate(resolve));
  };
  await send(beat.subarray(0, 3));
  for (let round = 0; round < 10; round++) {
    vi.advanceTimersByTime(900);
    // The end of one and the beginning of the next.
    await send(sticky([beat.subarray(3), beat.subarray(0, 3)]));
  }
  vi.advanceTimersByTime(900);
  await send(beat.subarray(3, 4));
  vi.advanceTimersByTime(200);
  expect(await batch).toMatchObject({ code: 'FRAME_ERR_TIMEOUT', offset: 60 });
});
