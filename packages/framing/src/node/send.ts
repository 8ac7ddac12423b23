import { checkBatch, checkBytes } from '../check-bytes.ts';
import { ignoreLater } from '../decoding/thrown.ts';
import { createFrameWriter } from '../writer.ts';
import type { Bytes, Codec } from '../codec.ts';
import type { FrameWriter } from '../writer.ts';
import type { Duplex } from 'node:stream';

/** Initial size of a connection's batches, in bytes; later ones follow what earlier ones needed. */
const FIRST_BATCH_BYTES = 1024;

/** The result of a send that is done at once. */
export const SENT: Promise<void> = Promise.resolve();

const ignore = (): void => {};

/** @throws TypeError that names a codec whose frame is not bytes. */
function refuseAnswer(name: string, frame: unknown): void {
  ignoreLater(frame);
  checkBytes(frame as Bytes, `a frame of ${name}`);
}

/**
 * Writes to a socket no faster than its peer reads. What is written in one turn goes out in one write, at its end: a separate write costs a small
 * message ten times as much as everything else. The socket is corked for that, so other writes to it keep their place, and `end()` sends all.
 */
export class Sender<Encodable> {
  readonly #socket: Duplex;
  readonly #failure: () => Error | undefined;
  /** The codec of what is sent. */
  codec: Codec<unknown, Encodable>;
  /** Messages sent so far. */
  frames = 0;
  #writer: FrameWriter | undefined;
  #draining: Promise<void> | undefined;
  #isCorked = false;

  /** @param failure why the connection broke, if known. */
  constructor(socket: Duplex, codec: Codec<unknown, Encodable>, failure: () => Error | undefined) {
    this.#socket = socket;
    this.codec = codec;
    this.#failure = failure;
  }

  /** Sends one message, as `FramedSocket.send` says. */
  send(payload: Encodable): Promise<void> {
    try {
      return this.#write(this.codec.encode(payload), 1);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Sends many in one buffer, or none when one of them is refused. */
  sendBatch(payloads: readonly Encodable[]): Promise<void> {
    try {
      checkBatch(payloads);
      if (payloads.length === 0) return SENT;
      return this.#write(this.#encodeBatch(payloads), payloads.length);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #encodeBatch(payloads: readonly Encodable[]): Bytes {
    // Removed while in use: a codec that sends on the same connection, or throws, must not leave its frames in another batch.
    const writer = this.#writer ?? createFrameWriter({ slabBytes: FIRST_BATCH_BYTES });
    this.#writer = undefined;
    for (const payload of payloads) this.codec.encodeInto(writer, payload);
    const frames = writer.take();
    this.#writer = writer;
    return frames;
  }

  /**
   * Writes, and resolves when the socket takes more. A rejection that is not awaited is not unhandled: the connection is over, and
   * the next call that reads or sends rejects.
   */
  #write(encoded: Bytes, frames: number): Promise<void> {
    // A stream would write text, and an answer that comes later would be lost.
    if (encoded?.BYTES_PER_ELEMENT !== 1) refuseAnswer(this.codec.name, encoded);
    if (!this.#socket.writable) return this.#refused();
    this.frames += frames;
    if (!this.#isCorked) this.#cork();
    if (this.#socket.write(encoded)) return SENT;
    // More would only wait with it.
    this.#uncork();
    return this.#drained();
  }

  #cork(): void {
    this.#isCorked = true;
    this.#socket.cork();
    // After the microtasks of the turn, in which loops over messages continue.
    process.nextTick(() => this.#uncork());
  }

  #uncork(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#socket.uncork();
  }

  #refused(): Promise<void> {
    const refused = Promise.reject<void>(this.#closedError());
    refused.catch(ignore);
    return refused;
  }

  /** Waits until the socket takes more, or has sent all. All senders share one wait: a listener for each would grow without bound. */
  #drained(): Promise<void> {
    if (this.#draining !== undefined) return this.#draining;
    const socket = this.#socket;
    const draining = new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        this.#draining = undefined;
        socket.off('drain', onDrain).off('finish', onDrain).off('close', onClose);
      };
      const onDrain = (): void => {
        stop();
        resolve();
      };
      // A peer that vanishes never drains: closing ends the wait too.
      const onClose = (): void => {
        stop();
        reject(this.#closedError());
      };
      // An ended socket does not drain: it finishes once everything before that is sent.
      socket.on('drain', onDrain).on('finish', onDrain).on('close', onClose);
    });
    draining.catch(ignore);
    this.#draining = draining;
    return draining;
  }

  #closedError(): Error {
    return this.#failure() ?? Object.assign(new Error('connection closed while sending'), { code: 'ERR_STREAM_DESTROYED' });
  }
}
