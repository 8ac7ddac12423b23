import { MAX_WIRE_BYTES } from './events.ts';
import { frameWire } from './wire.ts';
import type { ReadRange, Wire } from './events.ts';
import type { ByteCodec, ByteDecoder, Bytes } from '@socklab/framing';

/** A message of a stream, and its place there. */
export interface ReadMessage {
  readonly payload: Bytes;
  readonly wire: Wire;
  readonly reads: ReadRange;
}

/** Finds the messages of one stream, and their places. Keeps no more than the first bytes of a frame besides the decoder. */
export class FrameReader {
  readonly #codec: ByteCodec;
  readonly #decoder: ByteDecoder;
  readonly #head = new Uint8Array(MAX_WIRE_BYTES);
  /** Bytes of the current frame so far, and the read that brought its first one. */
  #frameBytes = 0;
  #firstRead = 0;
  #reads = 0;

  constructor(codec: ByteCodec) {
    this.#codec = codec;
    this.#decoder = codec.createDecoder();
  }

  /** The messages that a chunk completes. @throws FrameError after those before the fault. */
  *read(chunk: Uint8Array): Generator<ReadMessage> {
    this.#reads += 1;
    this.#decoder.push(chunk);
    let position = 0;
    for (let payload = this.#decoder.next(); payload !== undefined; payload = this.#decoder.next()) {
      // What the decoder has not consumed follows this frame.
      const end = chunk.length - this.#decoder.bufferedBytes;
      this.#keep(chunk.subarray(position, end));
      position = end;
      yield this.#completed(payload);
    }
    this.#keep(chunk.subarray(position));
  }

  /** The messages that the end of the stream completes. @throws FrameError when it cuts one. */
  *end(): Generator<ReadMessage> {
    this.#decoder.end();
    for (let payload = this.#decoder.next(); payload !== undefined; payload = this.#decoder.next()) yield this.#completed(payload);
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#frameBytes === 0) this.#firstRead = this.#reads;
    const room = Math.max(0, MAX_WIRE_BYTES - this.#frameBytes);
    if (room > 0) this.#head.set(bytes.subarray(0, room), this.#frameBytes);
    this.#frameBytes += bytes.length;
  }

  #completed(payload: Bytes): ReadMessage {
    const byteLength = this.#frameBytes;
    const head = this.#head.subarray(0, Math.min(byteLength, MAX_WIRE_BYTES));
    this.#frameBytes = 0;
    return { payload, wire: frameWire(this.#codec, payload, head, byteLength), reads: { first: this.#firstRead, last: this.#reads } };
  }
}
