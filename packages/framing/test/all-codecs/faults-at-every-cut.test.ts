/** What is wrong with a stream, and where, never depends on how it was cut, nor on the surface that reads it. */
import { expect, test } from 'vitest';
import { FRAMINGS, FrameError } from '../../src/index.ts';
import { drip, randomSplits, sticky } from '../../src/testing.ts';
import { SURFACES, hexOf } from '../streams/surfaces.ts';
import { bytes, fromHex, pattern } from '../support/bytes.ts';
import type { ByteCodec, Bytes, FramingEntry } from '../../src/index.ts';
import type { Surface } from '../streams/surfaces.ts';

/** What came out: payloads, then the error with its place. */
interface Ending {
  readonly payloads: readonly string[];
  readonly code: string;
  readonly offset: number;
  readonly frameIndex: number;
}

async function endingOf(surface: Surface, codec: ByteCodec, chunks: readonly Bytes[]): Promise<Ending> {
  const payloads: string[] = [];
  try {
    await surface(codec, chunks, (payload) => void payloads.push(hexOf(payload)));
    return { payloads, code: 'end', offset: -1, frameIndex: -1 };
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    const { code, offset, frameIndex } = error;
    return { payloads, code, offset, frameIndex };
  }
}

const LIMIT = 40;

/** Bytes that most formats cannot read, and some read as something else. */
const GARBAGE: readonly Bytes[] = [
  'ff ff ff ff ff ff ff ff ff ff',
  '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
  '80 80 80 80 80 80 80 80 80 80 01',
  'c0 db 41 c0',
  '05 41 00 00',
  '00 ff ff ff ff ff ff ff 00 00 00 00',
  '30 31 3a 61 2c',
  '33 3a 61 62 63 64',
  '31 32 33 34 35 36 37 38 39 30 31 32 33 34 35 36 37 38 20',
  '0d 0a 0d 0a',
  '61 0d 0a 0a 62 0d',
].map(fromHex);

const TEXTS: readonly Bytes[] = [
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc',
  'Content-Length: x\r\n\r\n',
  'a line that goes on for longer than forty bytes, and then some\n',
  'a line that goes on for longer than forty bytes, and never ends',
  '41:',
  '999:aaaa',
].map(bytes);

/** Two good frames, cut off and with one byte after another changed; and garbage, by itself and behind a good frame. */
function badStreams({ create, exampleFrames }: FramingEntry): readonly Bytes[] {
  const codec = create({ maxPayloadBytes: LIMIT });
  const good = (exampleFrames ?? [pattern(11), pattern(LIMIT)])
    .filter(({ length }) => length <= LIMIT)
    .map((payload) => codec.encode(payload));
  const stream = sticky(good);
  const changed = Array.from(stream, (byte, at) => [0x00, 0xff, byte ^ 1, byte ^ 0x80].map((other) => stream.with(at, other))).flat();
  const garbage = [...GARBAGE, ...TEXTS];
  return [
    ...changed,
    ...Array.from(stream, (_, at) => stream.subarray(0, at)),
    ...garbage,
    ...garbage.map((behind) => sticky([good[0]!, behind])),
  ].map((bad) => bad.slice());
}

const framings = FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries);
const inMemory = Object.entries(SURFACES).filter(([name]) => !name.startsWith('framed'));

test.each(framings)('$name: a bad stream ends with the same payloads, code and place, whole, dripped and cut at random', async (entry) => {
  const codec = entry.create({ maxPayloadBytes: LIMIT });
  const surface = SURFACES['push and next']!;
  for (const stream of badStreams(entry)) {
    const whole = await endingOf(surface, codec, [stream]);
    for (const chunks of [drip(stream), ...randomSplits(stream, { seed: 11, count: 4 })]) {
      expect({ stream: hexOf(stream), ...(await endingOf(surface, codec, chunks)) }).toEqual({ stream: hexOf(stream), ...whole });
    }
  }
});

test.each(inMemory)('%s: bad streams end as they do for push and next', async (_, surface) => {
  for (const entry of framings) {
    const codec = entry.create({ maxPayloadBytes: LIMIT });
    for (const stream of badStreams(entry).filter((__, index) => index % 7 === 0)) {
      const expected = { stream: hexOf(stream), ...(await endingOf(SURFACES['push and next']!, codec, [stream])) };
      for (const chunks of [[stream], drip(stream)]) {
        expect({ stream: hexOf(stream), ...(await endingOf(surface, codec, chunks)) }).toEqual(expected);
      }
    }
  }
});

test.each(Object.entries(SURFACES).filter(([name]) => name.startsWith('framed')))(
  '%s: bad streams end as they do for push and next',
  async (_, surface) => {
    for (const entry of framings) {
      const codec = entry.create({ maxPayloadBytes: LIMIT });
      for (const stream of badStreams(entry).filter((__, index) => index % 41 === 0)) {
        const expected = { stream: hexOf(stream), ...(await endingOf(SURFACES['push and next']!, codec, [stream])) };
        for (const chunks of [[stream], drip(stream)]) {
          expect({ stream: hexOf(stream), ...(await endingOf(surface, codec, chunks)) }).toEqual(expected);
        }
      }
    }
  },
);
