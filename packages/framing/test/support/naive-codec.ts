import { FrameError, lengthPrefixed, u16be } from '../../src/index.ts';
import { sticky } from '../../src/testing.ts';
import type { Bytes, BytesIn, Codec, Decoder, DecoderOptions } from '../../src/index.ts';

const u16 = lengthPrefixed({ length: u16be });

/** A decoder of `u16be` that keeps every unread byte in one buffer: slow, simple and right. Broken ones change a method. */
export class NaiveDecoder implements Decoder {
  readonly neededBytes = undefined;
  protected unread: Bytes = new Uint8Array(0);

  get bufferedBytes(): number {
    return this.unread.length;
  }

  push(chunk: BytesIn): void {
    this.unread = sticky([this.unread, chunk]);
  }

  next(): Bytes | undefined {
    const end = this.frameEnd();
    if (end === undefined || end > this.unread.length) return undefined;
    const payload = this.unread.slice(2, end);
    this.unread = this.unread.subarray(end);
    return payload;
  }

  end(): void {
    if (this.unread.length > 0) throw new FrameError('FRAME_ERR_TRUNCATED', 'the stream ended inside a frame');
  }

  detach(): Bytes {
    const { unread } = this;
    this.unread = new Uint8Array(0);
    return unread;
  }

  /** Where the frame under way ends, once its header is there. */
  protected frameEnd(): number | undefined {
    return this.unread.length < 2 ? undefined : 2 + u16be.read(this.unread, 0);
  }
}

/** `u16be`, but as `changes` say. */
export function naive(Decoding: new (options?: DecoderOptions) => Decoder, changes: Partial<Codec> = {}): Codec {
  return {
    name: 'naive',
    maxPayloadBytes: u16.maxPayloadBytes,
    createDecoder: (options) => new Decoding(options),
    encode: (payload) => u16.encode(payload),
    encodeInto: (writer, payload) => u16.encodeInto(writer, payload),
    ...changes,
  };
}
