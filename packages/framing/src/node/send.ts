import { createFrameWriter } from '../writer.ts';
import type { Socket } from 'node:net';
import type { Bytes, Codec } from '../codec.ts';

// One slab for all connections: a batch is encoded and taken in one go, and memory that was taken is never written again.
const writer = createFrameWriter();

/** Encodes `payloads` to one buffer, or throws and leaves nothing behind. */
export function encodeBatch<Encodable>(codec: Codec<unknown, Encodable>, payloads: readonly Encodable[]): Bytes {
  try {
    for (const payload of payloads) codec.encodeInto(writer, payload);
  } catch (error) {
    // What was encoded before the refused payload must not leave with the next batch.
    writer.take();
    throw error;
  }
  return writer.take();
}

/** Writes to a socket no faster than its peer reads. */
export class Sender {
  readonly #socket: Socket;
  readonly #failure: () => Error | undefined;
  #draining: Promise<void> | undefined;

  /** @param failure why the connection broke, if that is known. */
  constructor(socket: Socket, failure: () => Error | undefined) {
    this.#socket = socket;
    this.#failure = failure;
  }

  /** Throws when nothing can be sent any more; else writes, and returns what to wait for before the next write. */
  write(frames: Bytes): Promise<void> | undefined {
    const socket = this.#socket;
    if (!socket.writable) throw this.#closedError();
    return socket.write(frames) ? undefined : this.#drained();
  }

  /** Waits until the socket takes more. All senders share one wait: a listener for each would add up to a leak. */
  #drained(): Promise<void> {
    const socket = this.#socket;
    this.#draining ??= new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#draining = undefined;
        socket.off('drain', onDrain).off('close', onClose);
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
      socket.on('drain', onDrain).on('close', onClose);
    });
    return this.#draining;
  }

  #closedError(): Error {
    return this.#failure() ?? Object.assign(new Error('connection closed while sending'), { code: 'ERR_STREAM_DESTROYED' });
  }
}
