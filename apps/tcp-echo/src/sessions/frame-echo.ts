import { FrameError, createFrameWriter } from '@socklab/framing';
import type { ByteCodec, ByteDecoder, FrameWriter } from '@socklab/framing';
import type { Stream, StreamHandler } from './session.ts';

// One for all connections: what is written is sent within the same call.
const writer: FrameWriter = createFrameWriter({ memory: 'reused' });

/** Sends what the writer holds; memory that the system has not taken is left to the socket. */
function sendWritten(stream: Stream): void {
  stream.send(writer.take());
  if (stream.pendingBytes > 0) writer.release();
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
    try {
      while (decoder.advance()) {
        this.messagesIn++;
        this.encode();
      }
    } finally {
      // What was complete before a fault is answered all the same.
      if (writer.length > 0) sendWritten(this.stream);
      this.messagesOut = this.messagesIn;
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
    decoder.push(memory.subarray(0, byteLength));
    const before = this.messagesIn;
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
      if (error instanceof FrameError) end = error.offset - this.#streamOffset;
      throw error;
    } finally {
      this.messagesOut = this.messagesIn;
      // Before a fault too: what was complete is answered all the same.
      if (writer.length > 0) {
        if (end > start) writer.bytes.set(memory.subarray(start, end), writer.reserve(end - start));
        sendWritten(stream);
      } else if (this.messagesIn > before) {
        stream.write(memory, end);
      }
    }
    this.#streamOffset += byteLength;
  }
}
