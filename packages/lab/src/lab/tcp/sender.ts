import type { Recorder } from '../record/recorder.ts';
import type { BytesIn } from '@socklab/framing';
import type { Socket } from 'node:net';

/** Options of {@link Sender.send}. */
export interface SendOptions {
  /**
   * The lengths of the messages that begin in these bytes, for the picture; the last may go on in later sends, which then
   * begin none: `[]`. @defaultValue one message, of all of these bytes
   */
  readonly messages?: readonly number[];
}

/** The sending end of a connection. */
export interface Sender {
  /** Writes at once, by one system call of its own while the kernel has room. */
  send(bytes: BytesIn, options?: SendOptions): void;
  /** Tells the receiver that no more comes. */
  end(): void;
  /** Resolves when the kernel has taken all that was sent so far; rejects when it did not. */
  written(): Promise<void>;
}

/** Makes the sender of an accepted socket. Nagle's algorithm is left on, as it is by default. */
export function createSender(socket: Socket, recorder: Recorder): Sender {
  let lastWrite: Promise<void> = Promise.resolve();
  return {
    send(bytes, { messages } = {}) {
      recorder.write(bytes, messages);
      const write = new Promise<void>((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      });
      lastWrite = Promise.all([lastWrite, write]).then(() => undefined);
      // Whoever waits in written() is told; a write that nobody waits for must not end the process.
      lastWrite.catch(() => undefined);
    },
    end() {
      recorder.end('sender');
      socket.end();
    },
    written: () => lastWrite,
  };
}
