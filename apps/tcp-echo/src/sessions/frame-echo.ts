import { FrameError, createFrameWriter } from '@socklab/framing';
import type { ByteCodec, ByteDecoder, FrameWriter } from '@socklab/framing';
import type { Stream, StreamHandler } from '../session.ts';

// One for all connections: what is written is sent within the same call. See `beginAnswer`.
const writer: FrameWriter = createFrameWriter({ memory: 'reused' });

/** From here on an answer is sent without a copy. It is a fifth of a slab: a peer that does not take it keeps five times its size alive at most. */
const UNCOPIED_BYTES = 16_384;

/** Empties the writer: whatever an earlier call left in it when it threw is of another connection. */
function beginAnswer(): void {
  if (writer.length > 0) writer.take();
}

/** Sends what the writer holds; memory that the system has not taken is left to the socket. */
function sendWritten(stream: Stream): void {
  const answer = writer.take();
  if (answer.length < UNCOPIED_BYTES || stream.pendingBytes > 0) {
    stream.write(answer, answer.length);
    return;
  }
  stream.send(answer);
  if (stream.pendingBytes > 0) writer.release();
}

function append(bytes: Uint8Array): void {
  // The slab may move when room is made: it is read after.
  const offset = writer.reserve(bytes.length);
  writer.bytes.set(bytes, offset);
}

abstract class MessageEcho implements StreamHandler {
  messagesIn = 0;
  messagesOut = 0;
  protected readonly stream: Stream;
  protected readonly codec: ByteCodec;
  protected readonly decoder: ByteDecoder;

  constructor(stream: Stream, codec: ByteCodec) {
    this.stream = stream;
    this.codec = codec;
    this.decoder = codec.createDecoder({ payload: 'view' });
  }

  get partialBytes(): number {
    return this.decoder.bufferedBytes;
  }

  abstract bytes(memory: Buffer, byteLength: number): void;

  ended(): void {
    // The end may complete a message: a last line that nothing ends.
    this.decoder.end();
    this.encodeAll();
    this.stream.finish('peer-ended');
  }

  /** Answers the messages that are complete, each in a frame of its own making. */
  protected encodeAll(): void {
    const { decoder } = this;
    beginAnswer();
    try {
      while (decoder.advance()) {
        this.messagesIn++;
        this.encode();
        this.messagesOut++;
      }
    } finally {
      // What was complete before a fault is answered all the same.
      if (writer.length > 0) sendWritten(this.stream);
    }
  }

  protected encode(): void {
    const { payloadMemory, payloadStart, payloadEnd } = this.decoder;
    this.codec.encodeInto(writer, payloadMemory.subarray(payloadStart, payloadEnd));
  }
}

/** For formats in which one payload can be written in several ways, such as lines that end with CR LF or with LF alone. */
export class EncodedEcho extends MessageEcho {
  bytes(memory: Buffer, byteLength: number): void {
    this.decoder.push(memory.subarray(0, byteLength));
    this.encodeAll();
  }
}

/**
 * For formats in which a payload is written in one way only: every frame is checked, and those that lie within what was read go
 * back as they came, in one piece. Only a frame that several reads brought is written anew.
 */
export class CanonicalEcho extends MessageEcho {
  #streamOffset = 0;

  bytes(memory: Buffer, byteLength: number): void {
    const { decoder, stream } = this;
    const crosses = decoder.bufferedBytes > 0;
    const before = this.messagesIn;
    beginAnswer();
    decoder.push(memory.subarray(0, byteLength));
    let start = 0;
    let end = byteLength;
    try {
      if (crosses && decoder.advance()) {
        this.messagesIn++;
        this.encode();
        start = byteLength - decoder.bufferedBytes;
      }
      while (decoder.advance()) this.messagesIn++;
      end -= decoder.bufferedBytes;
    } catch (error) {
      // Where a fault of another kind happened is not known: nothing behind what was made anew is sent.
      end = error instanceof FrameError ? error.offset - this.#streamOffset : start;
      throw error;
    } finally {
      // Before a fault too: what was complete is answered all the same.
      if (writer.length > 0) {
        if (end > start) append(memory.subarray(start, end));
        sendWritten(stream);
      } else if (this.messagesIn > before && end > 0) {
        stream.write(memory, end);
      }
      this.messagesOut = this.messagesIn;
    }
    this.#streamOffset += byteLength;
  }
}
