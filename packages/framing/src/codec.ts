/**
 * The contract between a byte stream and its messages.
 *
 * A {@link Codec} describes one wire format. It is immutable, so one value serves every connection; the state of a
 * connection is in the {@link Decoder} that it makes.
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
 * To write a codec, see `codecs/length-prefixed.ts`: a factory, a hidden decoder class over `ChunkDecoder`, and
 * one line in `registry.ts`. `checkCodec` of `@socklab/framing/testing` tests it against this contract.
 */

import type { Bytes, BytesIn } from './bytes.ts';
import type { FrameWriter } from './writer.ts';

export type { Bytes, BytesIn } from './bytes.ts';

/** One wire format: encodes payloads to frames and makes decoders for the other direction. */
export interface Codec<Decoded = Bytes, Encodable = BytesIn> {
  /** The format's name, as in the registry and in error messages. */
  readonly name: string;
  /** Longest payload that is encoded or decoded, in bytes. */
  readonly maxPayloadBytes: number;
  /** Makes the decoder of one stream. */
  createDecoder(options?: DecoderOptions): Decoder<Decoded>;
  /**
   * Encodes one frame into a buffer of exactly its size.
   *
   * On Node 24 and later, frames of 65 bytes to 8 KiB share memory of 64 KiB, as small `Buffer`s do: a frame that is kept keeps that alive, and
   * transferring its memory throws. To transfer a frame, copy it with `slice()`.
   *
   * @throws FrameError `FRAME_ERR_TOO_LARGE` or `FRAME_ERR_PAYLOAD` when the payload could not be read back. TypeError when it is not of
   * the type that the codec takes, such as a string instead of bytes.
   */
  encode(payload: Encodable): Bytes;
  /** Appends one frame to `writer`, so that many frames leave in one write. Throws as {@link Codec.encode} does. */
  encodeInto(writer: FrameWriter, payload: Encodable): void;
}

/** A codec whose payloads are plain bytes, whose decoders can therefore also be read without allocation. */
export interface ByteCodec extends Codec {
  createDecoder(options?: DecoderOptions): ByteDecoder;
}

/** Options of one decoder. */
export interface DecoderOptions {
  /**
   * How payloads that lie inside one chunk are returned. A `view` costs nothing and keeps the chunk's memory alive as long as the payload is kept; a
   * `copy` owns its bytes. `auto` returns views of chunks that have their memory to themselves, at most 64 KiB, as all chunks of a Node socket do; of larger ones it copies
   * payloads of less than an eighth of that. So a kept payload keeps at most 64 KiB alive, or eight times its size. It copies all payloads of a chunk that is a part of
   * larger memory, which may belong to other connections: data of an HTTP/2 stream, a small `Buffer`, a frame of `encode` that came through a stream in memory.
   * Payloads that crossed chunks, and those in chunks of at most 16 bytes, are always copied.
   *
   * Except with `copy`, payloads of one decoder may share memory; those of two never do, unless their chunks did and `view` was asked for. Use `copy` for small payloads that are kept for
   * long, when the memory of a chunk is reused after `push`, and when payloads are transferred, for example to a worker: transferring one of
   * several that share memory takes the others along.
   * @defaultValue 'auto'
   */
  readonly payload?: 'auto' | 'view' | 'copy';
}

/** Finds the payloads in one stream. */
export interface Decoder<Decoded = Bytes> {
  /** Bytes held that are not part of a payload returned so far. */
  readonly bufferedBytes: number;
  /**
   * How many more bytes the current step (a header, a payload) needs at least, or `undefined` when the format
   * cannot tell, such as one with a delimiter. Never 0 after `next()` returned `undefined`.
   */
  readonly neededBytes: number | undefined;
  /** Idle bytes skipped so far, such as the ENDs between frames of SLIP: they belong to no frame. Absent in formats without any. */
  readonly skippedBytes?: number;
  /** Frames over the limit that were left out, where the codec was told to go on behind them. Absent where it was not. */
  readonly skippedFrames?: number;
  /**
   * Adds the next bytes of the stream. Do not change the memory of `chunk` until `next()` has returned
   * `undefined`, nor while views of it are in use.
   *
   * @throws FrameError the earlier error, once decoding has failed. TypeError when `chunk` is not bytes; decoding can go on then.
   */
  push(chunk: BytesIn): void;
  /**
   * Returns the next payload, or `undefined` when more bytes are needed: "not yet" is a value, never an exception.
   *
   * @throws FrameError when the bytes break the format. Payloads before the fault have been returned by then, and
   * the decoder is finished: every later call throws the same error.
   */
  next(): Decoded | undefined;
  /**
   * Signals the end of the stream. Call it once `next()` has returned `undefined`, and call `next()` once more after it:
   * in a format in which the end of the stream can end a frame, that frame follows.
   *
   * @throws FrameError `FRAME_ERR_TRUNCATED` when an incomplete frame is left.
   */
  end(): void;
  /**
   * Takes the bytes that were not decoded, for a protocol upgrade. The decoder is then at a frame boundary.
   *
   * @throws FrameError the earlier error, once decoding has failed.
   */
  detach(): Bytes;
}

/**
 * A decoder that can also be read in place: `advance` and the three properties instead of `next`, without allocation.
 *
 * ```ts
 * decoder.push(chunk);
 * while (decoder.advance()) use(decoder.payloadMemory, decoder.payloadStart, decoder.payloadEnd);
 * ```
 */
export interface ByteDecoder extends Decoder {
  /**
   * Moves to the next payload; false when more bytes are needed. Throws as {@link Decoder.next} does. Take a
   * payload by either `advance` or `next`, not by both.
   *
   * @throws TypeError when the chunk was transferred before it was read to its end.
   */
  advance(): boolean;
  /** The memory of the payload, valid until the next call of `advance`, `next` or `push`. */
  readonly payloadMemory: BytesIn;
  /** Where the payload starts in `payloadMemory`. */
  readonly payloadStart: number;
  /** The offset after the payload's last byte. */
  readonly payloadEnd: number;
}
