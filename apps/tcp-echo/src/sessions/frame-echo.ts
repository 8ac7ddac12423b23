import { FrameError, createFrameWriter } from '@socklab/framing';
import type { Stream, StreamHandler } from '../session.ts';
import type { ByteCodec, ByteDecoder, FrameWriter } from '@socklab/framing';

// One memory for the answers of all connections: allocating one for each read costs several times as much.
const writer: FrameWriter = createFrameWriter({ memory: 'reused' });
const releaseMemory = (): void => writer.release();

/**
 * The answers of one call, in memory that all connections share. What one connection leaves there never reaches another:
 * `open` discards any rest, however the previous call ended, and only complete answers are sent.
 */
class Answers {
  #wholeBytes = 0;

  open(): this {
    if (writer.length > 0) writer.take();
    this.#wholeBytes = 0;
    return this;
  }

  /** Adds `payload` in a frame; nothing of it when the codec throws. */
  encode(codec: ByteCodec, payload: Uint8Array): void {
    codec.encodeInto(writer, payload);
    this.#wholeBytes = writer.length;
  }

  /** Adds `memory[start, end)` as it is. */
  append(memory: Uint8Array, start: number, end: number): void {
    // First, because it may replace the writer's memory.
    const offset = writer.reserve(end - start);
    writer.bytes.set(memory.subarray(start, end), offset);
    this.#wholeBytes = writer.length;
  }

  get isEmpty(): boolean {
    return this.#wholeBytes === 0;
  }

  /** Sends everything, and is empty then. */
  sendTo(stream: Stream): void {
    const whole = writer.take().subarray(0, this.#wholeBytes);
    this.#wholeBytes = 0;
    stream.lend(whole, releaseMemory);
  }
}

const answers = new Answers();

abstract class MessageEcho implements StreamHandler {
  messagesIn = 0;
  messagesOut = 0;
  partialBytes = 0;
  protected readonly stream: Stream;
  protected readonly codec: ByteCodec;
  protected readonly decoder: ByteDecoder;

  constructor(stream: Stream, codec: ByteCodec) {
    this.stream = stream;
    this.codec = codec;
    this.decoder = codec.createDecoder({ payload: 'view' });
  }

  abstract bytes(memory: Buffer, byteLength: number): void;

  ended(): void {
    // The end may complete a message: a last line without an ending.
    this.decoder.end();
    this.encodeAll();
    this.stream.finish('peer-ended');
  }

  /** Answers the complete messages, each in a new frame. */
  protected encodeAll(): void {
    const { decoder } = this;
    answers.open();
    try {
      while (decoder.advance()) this.encode();
    } finally {
      // Messages before a fault are still answered.
      if (!answers.isEmpty) answers.sendTo(this.stream);
    }
  }

  /** Answers the message that the decoder has found. */
  protected encode(): void {
    const { payloadMemory, payloadStart, payloadEnd } = this.decoder;
    this.messagesIn++;
    answers.encode(this.codec, payloadMemory.subarray(payloadStart, payloadEnd));
    this.messagesOut++;
  }
}

/** For formats in which a payload has several encodings, such as lines that end with CR LF or LF. */
export class EncodedEcho extends MessageEcho {
  bytes(memory: Buffer, byteLength: number): void {
    this.decoder.push(memory.subarray(0, byteLength));
    this.encodeAll();
    this.partialBytes = this.decoder.bufferedBytes;
  }
}

/**
 * For formats in which a payload has only one encoding: every frame is checked, and those that lie within one read are sent
 * back unchanged, in one piece. Only a frame that spans several reads is encoded again.
 */
export class CanonicalEcho extends MessageEcho {
  #streamOffset = 0;

  bytes(memory: Buffer, byteLength: number): void {
    const { decoder, stream } = this;
    const crosses = this.partialBytes > 0;
    decoder.push(memory.subarray(0, byteLength));
    answers.open();
    // The complete frames of this read are `memory[start, end)`.
    let start = 0;
    let end = 0;
    let whole = 0;
    try {
      if (crosses && decoder.advance()) {
        this.encode();
        start = byteLength - decoder.bufferedBytes;
      }
      while (decoder.advance()) whole++;
      this.partialBytes = decoder.bufferedBytes;
      end = byteLength - this.partialBytes;
    } catch (error) {
      // The place of any other error is unknown: nothing after the re-encoded frames is sent.
      end = error instanceof FrameError ? error.offset - this.#streamOffset : start;
      throw error;
    } finally {
      // Before a fault too: complete messages are still answered.
      this.messagesIn += whole;
      this.messagesOut += whole;
      if (answers.isEmpty) {
        if (whole > 0) stream.write(memory, end);
      } else {
        if (whole > 0) answers.append(memory, start, end);
        answers.sendTo(stream);
      }
    }
    this.#streamOffset += byteLength;
  }
}
