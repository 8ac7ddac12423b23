import { i32be, i32le, u16be, u16le, u32be, u32le } from '../../fields/integer-field.ts';
import { LengthPrefixedCodec } from './codec.ts';
import type { ByteCodec, Bytes } from '../../codec.ts';
import type { IntegerField } from '../../fields/integer-field.ts';

// Hot path: the usual prefixes are written inline. The length was checked and room reserved, both of which the field would do again.
// Storing to a Uint8Array keeps the low eight bits, so no mask is needed.

class Prefix16be extends LengthPrefixedCodec {
  protected override writePrefix(target: Bytes, offset: number, byteLength: number): void {
    target[offset] = byteLength >>> 8;
    target[offset + 1] = byteLength;
  }
}

class Prefix16le extends LengthPrefixedCodec {
  protected override writePrefix(target: Bytes, offset: number, byteLength: number): void {
    target[offset] = byteLength;
    target[offset + 1] = byteLength >>> 8;
  }
}

class Prefix32be extends LengthPrefixedCodec {
  protected override writePrefix(target: Bytes, offset: number, byteLength: number): void {
    target[offset] = byteLength >>> 24;
    target[offset + 1] = byteLength >>> 16;
    target[offset + 2] = byteLength >>> 8;
    target[offset + 3] = byteLength;
  }
}

class Prefix32le extends LengthPrefixedCodec {
  protected override writePrefix(target: Bytes, offset: number, byteLength: number): void {
    target[offset] = byteLength;
    target[offset + 1] = byteLength >>> 8;
    target[offset + 2] = byteLength >>> 16;
    target[offset + 3] = byteLength >>> 24;
  }
}

const CLASSES: ReadonlyMap<IntegerField, typeof LengthPrefixedCodec> = new Map<IntegerField, typeof LengthPrefixedCodec>([
  [u16be, Prefix16be],
  [u16le, Prefix16le],
  [u32be, Prefix32be],
  [u32le, Prefix32le],
  [i32be, Prefix32be],
  [i32le, Prefix32le],
]);

/** The codec with the fastest encoder of frames with `length` as their prefix. */
export function createLengthPrefixedCodec(length: IntegerField, maxPayloadBytes: number): ByteCodec {
  const LengthCodec = CLASSES.get(length) ?? LengthPrefixedCodec;
  return new LengthCodec(length, maxPayloadBytes);
}
