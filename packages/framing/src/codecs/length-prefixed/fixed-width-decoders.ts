import { i32be, i32le, u16be, u16le, u32be, u32le } from '../../fields/integer-field.ts';
import { LengthPrefixedDecoder } from './decoder.ts';
import type { ByteDecoder, DecoderOptions } from '../../codec.ts';
import type { IntegerField } from '../../fields/integer-field.ts';

// Hot path: the usual prefixes are read inline, because a call through the field would cost as much as the rest of a small frame.
// All are read as signed numbers, which the processor handles fastest. A negative one is invalid, or a length from 2^31 on: the
// slow path asks the field.

class Prefix16be extends LengthPrefixedDecoder {
  override advance(): boolean {
    const { chunk, position } = this;
    if (position + 2 > this.readableEnd) return this.advanceAcrossChunks();
    return this.take(position + 2, (chunk[position]! << 8) | chunk[position + 1]!);
  }
}

class Prefix16le extends LengthPrefixedDecoder {
  override advance(): boolean {
    const { chunk, position } = this;
    if (position + 2 > this.readableEnd) return this.advanceAcrossChunks();
    return this.take(position + 2, chunk[position]! | (chunk[position + 1]! << 8));
  }
}

class Prefix32be extends LengthPrefixedDecoder {
  override advance(): boolean {
    const { chunk, position } = this;
    if (position + 4 > this.readableEnd) return this.advanceAcrossChunks();
    const upper = (chunk[position]! << 24) | (chunk[position + 1]! << 16);
    return this.take(position + 4, upper | (chunk[position + 2]! << 8) | chunk[position + 3]!);
  }
}

class Prefix32le extends LengthPrefixedDecoder {
  override advance(): boolean {
    const { chunk, position } = this;
    if (position + 4 > this.readableEnd) return this.advanceAcrossChunks();
    const lower = chunk[position]! | (chunk[position + 1]! << 8);
    return this.take(position + 4, lower | (chunk[position + 2]! << 16) | (chunk[position + 3]! << 24));
  }
}

const CLASSES: ReadonlyMap<IntegerField, typeof LengthPrefixedDecoder> = new Map([
  [u16be, Prefix16be],
  [u16le, Prefix16le],
  [u32be, Prefix32be],
  [u32le, Prefix32le],
  [i32be, Prefix32be],
  [i32le, Prefix32le],
]);

/** The fastest decoder of frames with `length` as their prefix. */
export function createLengthPrefixedDecoder(length: IntegerField, maxPayloadBytes: number, options?: DecoderOptions): ByteDecoder {
  const Decoder = CLASSES.get(length) ?? LengthPrefixedDecoder;
  return new Decoder(length, maxPayloadBytes, options);
}
