/**
 * The contract between a byte stream and its messages.
 *
 * A {@link Codec} describes one wire format. It is immutable, so one value serves every connection; what a connection
 * must remember lives in the {@link Decoder} that it makes.
 *
 * ```
 * socket --chunk--> decoder.push()   decoder.next() --payload--> the program
 * socket <--frame-- codec.encode()                  <--payload-- the program
 * ```
 *
 * A chunk may hold less than one frame, exactly one, or many and a part of the next; the driving loop is the same:
 *
 * ```ts
 * decoder.push(chunk);
 * for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) use(payload);
 * // and when the stream ends:
 * decoder.end();
 * ```
 *
 * To write a codec, see `codecs/length-prefixed.ts`: a factory, a hidden decoder class over `ChunkDecoder`, and one
 * line in `registry.ts`. `checkCodec` of `@socklab/framing/testing` then holds it to this contract.
 */

import type { Bytes, BytesIn } from './bytes.ts';
import type { FrameWriter } from './writer.ts';

export type { Bytes, BytesIn } from './bytes.ts';

/** One wire format: encodes payloads to frames and makes decoders for the other direction. */
export interface Codec<Decoded = Bytes, Encodable = BytesIn> {
  /** The format's name, as in the registry and in error messages. */
  readonly name: string;
  /** Longest payload, in bytes, that is encoded or decoded. */
  readonly maxPayloadBytes: number;
  /** Makes the decoder of one stream. */
  createDecoder(options?: DecoderOptions): Decoder<Decoded>;
  /**
   * Encodes one frame into a buffer of exactly its size.
   *
   * On Node 24 and later, frames of 65 bytes to 8 KiB lie side by side in memory of 64 KiB, as small `Buffer`s do: a frame that is kept keeps that
   * alive, and its memory cannot be transferred, which is an error. To transfer one, copy it with `slice()`.
   *
   * @throws FrameError `FRAME_ERR_TOO_LARGE` or `FRAME_ERR_PAYLOAD` when the payload could not be read back. TypeError when it is of another
   * type than the codec takes, as a string is where bytes are needed.
   */
  encode(payload: Encodable): Bytes;
  /** Appends one frame to `writer`, so that many frames leave in one write. Throws as {@link Codec.encode} does. */
  encodeInto(writer: FrameWriter, payload: Encodable): void;
}

/** A codec whose payloads are plain bytes, so that its decoders can also be read without allocating. */
export interface ByteCodec extends Codec {
  createDecoder(options?: DecoderOptions): ByteDecoder;
}

/** Options of one decoder. */
export interface DecoderOptions {
  /**
   * How payloads that lie whole inside one chunk are handed out. A `view` costs nothing and keeps the chunk's memory
   * alive as long as the payload is kept; a `copy` owns its bytes. `auto` gives views of chunks whose memory has at most 64 KiB, as all have that
   * a socket of Node reads; of larger ones it copies what has less than an eighth of that. So a payload that is kept keeps at most 64 KiB alive, or eight
   * times its size. Payloads that crossed chunks, and those in chunks of at most 16 bytes, are always copied.
   *
   * But for `copy`, payloads of one decoder may lie in one piece of memory, never those of two. Use `copy` for small payloads that are kept for
   * long, when the memory of a chunk is reused after `push`, and when payloads are transferred, as to a worker: transferring one of
   * several takes the others along.
   * @defaultValue 'auto'
   */
  readonly payload?: 'auto' | 'view' | 'copy';
}

/** Finds the payloads in one stream. */
export interface Decoder<Decoded = Bytes> {
  /** Bytes held that belong to no payload handed out yet. */
  readonly bufferedBytes: number;
  /**
   * How many more bytes the current step (a header, a payload) needs at least, or `undefined` when the format cannot
   * tell, as a delimiter cannot. Never 0 after `next()` returned `undefined`.
   */
  readonly neededBytes: number | undefined;
  /** Idle bytes that were passed over so far, as the ENDs between frames of SLIP: they belong to no frame. Absent where there are none. */
  readonly skippedBytes?: number;
  /** Frames over the limit that were left out, where the codec was told to go on behind them. Absent where it was not. */
  readonly skippedFrames?: number;
  /**
   * Adds the next bytes of the stream. The memory of `chunk` must not change until `next()` returned `undefined`, nor
   * as long as views of it are used.
   *
   * @throws FrameError the earlier error, once decoding has failed. TypeError when `chunk` is no bytes; decoding can go on then.
   */
  push(chunk: BytesIn): void;
  /**
   * Returns the next payload, or `undefined` when more bytes are needed: "not yet" is a value, never an exception.
   *
   * @throws FrameError when the bytes break the format. Payloads before the fault have been returned by then, and the
   * decoder is finished: every later call throws the same error.
   */
  next(): Decoded | undefined;
  /**
   * Tells that the stream ended. Call it once `next()` returned `undefined`, and `next()` once more after it: where a format
   * lets the end of the stream end a frame, that frame comes then.
   *
   * @throws FrameError `FRAME_ERR_TRUNCATED` when bytes of an incomplete frame are left.
   */
  end(): void;
  /**
   * Takes the bytes that were not decoded, for a protocol upgrade. The decoder then starts at a frame boundary.
   *
   * @throws FrameError the earlier error, once decoding has failed.
   */
  detach(): Bytes;
}

/**
 * A decoder that can also be read in place: `advance` and the three properties instead of `next`, and nothing is allocated.
 *
 * ```ts
 * decoder.push(chunk);
 * while (decoder.advance()) use(decoder.payloadMemory, decoder.payloadStart, decoder.payloadEnd);
 * ```
 */
export interface ByteDecoder extends Decoder {
  /**
   * Moves to the next payload; false when more bytes are needed. Throws as {@link Decoder.next} does. A payload is
   * taken either by `advance` or by `next`, not by both.
   */
  advance(): boolean;
  /** The memory that the payload lies in, good until the next call of `advance`, `next` or `push`. */
  readonly payloadMemory: BytesIn;
  /** Where the payload starts in `payloadMemory`. */
  readonly payloadStart: number;
  /** Where it ends: the offset after its last byte. */
  readonly payloadEnd: number;
}
