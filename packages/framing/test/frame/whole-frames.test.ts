import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { constant, createFrameWriter, frame, u16be, u32be, u64be, u8 } from '../../src/index.ts';
import { checkCodec, decodeAll } from '../../src/testing.ts';
import { bytes, frameErrorOf, fromHex } from '../support/bytes.ts';

const amqp = frame({ header: { type: u8, channel: u16be, length: u32be }, trailer: constant(0xce) });

test("emit: 'frame' hands out whole frames, and takes whole frames", () => {
  const codec = frame({ header: { type: u8, channel: u16be, length: u32be }, trailer: constant(0xce), emit: 'frame' });
  const frames = [amqp.encode({ header: { type: 1, channel: 0 }, payload: bytes('hi') }), fromHex('08 00 00 00 00 00 00 ce')];
  checkCodec(codec, frames);
  for (const wrong of ['', '08', '08 00 00 00 00 00 00 cf', '08 00 00 00 00 00 00 ce 08', '08 00 00 00 00 00 01 ce']) {
    const writer = createFrameWriter();
    expect(frameErrorOf(() => codec.encode(fromHex(wrong))).code).toBe('FRAME_ERR_PAYLOAD');
    expect(frameErrorOf(() => codec.encodeInto(writer, fromHex(wrong))).code).toBe('FRAME_ERR_PAYLOAD');
    expect(writer.length).toBe(0);
  }
  checkCodec(codec, frames);
});

test("emit: 'frame' limits the whole frame", () => {
  const codec = frame({ header: { length: u16be, kind: u8 }, trailer: constant(1), emit: 'frame', maxPayloadBytes: 6 });
  checkCodec(codec, [fromHex('00 02 07 68 69 01')]);
  const over = fromHex('00 03 07 68 69 69 01');
  expect(frameErrorOf(() => codec.encode(over))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 7, limit: 6 });
  expect(frameErrorOf(() => decodeAll(codec, [over]))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 7, limit: 6 });
});

test('fields that no number can say are carried, as nobody reads them', () => {
  checkCodec(frame({ header: { id: u64be, length: u8 }, emit: 'frame' }), [fromHex('ff ff ff ff ff ff ff ff 01 61')]);
});

test('a codec keeps nothing of what it encoded', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const codec = frame({ header: { kind: u8, length: u16be }, emit: 'frame' });
  const encoded = new WeakRef(codec.encode(fromHex('01 00 01 61')).buffer);
  // A WeakRef holds its target until the current job ends.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(encoded.deref()).toBeUndefined();
});
