import { expect } from 'vitest';
import { FrameError, createFrameWriter } from '../../src/index.ts';
import { decodeAll, drip, everySplit, randomSplits, sticky } from '../../src/testing.ts';
import { frameErrorOf, toHex } from './bytes.ts';
import type { Bytes, BytesIn, Codec, Framed } from '../../src/index.ts';

/** Holds a codec of `{ header, payload }` to what `checkCodec` holds codecs of bytes to. */
export function checkFramed<Fields>(codec: Codec<Framed<Fields>, Framed<Fields, BytesIn>>, messages: readonly Framed<Fields>[]): void {
  const frames = messages.map((message) => codec.encode(message));
  const wire = sticky(frames);
  const expected = messages.map(shown);
  for (const chunks of [[wire], drip(wire), frames, ...everySplit(wire), ...randomSplits(wire, { seed: 1, count: 50 })]) {
    for (const payload of ['auto', 'view', 'copy'] as const) {
      expect(decodeAll(codec, chunks, { payload }).map(shown)).toEqual(expected);
    }
    const decoder = codec.createDecoder();
    for (const chunk of chunks) decoder.push(chunk);
    for (const message of expected) expect(shown(decoder.next()!)).toEqual(message);
    expect(decoder.next()).toBeUndefined();
    decoder.end();
  }
  const writer = createFrameWriter({ slabBytes: 16 });
  for (const message of messages) codec.encodeInto(writer, message);
  expect(toHex(writer.take())).toBe(toHex(wire));
  checkTruncation(codec, frames, wire);
}

function checkTruncation(codec: Codec<unknown, never>, frames: readonly Bytes[], wire: Bytes): void {
  const boundaries = new Set([0]);
  let boundary = 0;
  for (const { length } of frames) boundaries.add((boundary += length));
  for (let at = 0; at < wire.length; at++) {
    const decode = (): unknown => decodeAll(codec, [wire.subarray(0, at)]);
    if (boundaries.has(at)) expect(decode).not.toThrow(FrameError);
    else expect(frameErrorOf(decode).code).toBe('FRAME_ERR_TRUNCATED');
  }
}

function shown<Fields>({ header, payload }: Framed<Fields>): readonly [Fields, string] {
  return [header, toHex(payload)];
}
