// A program that has the package from npm and nothing else: no types of Node or of a browser.

import { FrameError, codecByName, createFrameWriter, lengthPrefixed, u32be } from '@socklab/framing';
import { checkCodec, drip } from '@socklab/framing/testing';
import type { ByteDecoder, Bytes, Codec, FrameErrorCode } from '@socklab/framing';

const hello: Bytes = Uint8Array.of(104, 101, 108, 108, 111);

/** `hello` on the wire and back, one byte at a time. */
export function roundTrip(): Bytes | undefined {
  const codec: Codec = lengthPrefixed({ length: u32be });
  const decoder = codec.createDecoder();
  for (const chunk of drip(codec.encode(hello))) decoder.push(chunk);
  return decoder.next();
}

/** How long the second of three payloads is, read in place. */
export function readInPlace(): number {
  const codec = lengthPrefixed({ length: u32be });
  const writer = createFrameWriter();
  for (const length of [1, 2, 3]) codec.encodeInto(writer, hello.subarray(0, length));
  const decoder: ByteDecoder = codec.createDecoder({ payload: 'view' });
  decoder.push(writer.take());
  return decoder.advance() && decoder.advance() ? decoder.payloadEnd - decoder.payloadStart : -1;
}

/** The code of the error for a payload that is too long. */
export function refuse(): FrameErrorCode | undefined {
  const codec = codecByName('line', { maxPayloadBytes: 4 });
  checkCodec(codec, [hello.subarray(0, 4)]);
  try {
    codec.encode(hello);
    return undefined;
  } catch (error) {
    return error instanceof FrameError ? error.code : undefined;
  }
}
