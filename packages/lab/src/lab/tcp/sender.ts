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
  /** Writes at once, by one system call if the kernel has room. */
  send(bytes: BytesIn, options?: SendOptions): void;
  /** Ends the stream (FIN). */
  end(): void;
  /** Resolves when the kernel has accepted everything sent so far; rejects if it did not. */
  written(): Promise<void>;
}

/** Creates the sender of an accepted socket. Nagle's algorithm stays on, as by default. */
export function createSender(socket: Socket, recorder: Recorder): Sender {
  let lastWrite: Promise<void> = Promise.resolve();
  return {
    send(bytes, { messages } = {}) {
      recorder.write(bytes, messages);
      const write = new Promise<void>((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      });
      lastWrite = Promise.all([lastWrite, write]).then(() => undefined);
      // Callers of written() get the rejection; an unawaited write must not end the process.
      lastWrite.catch(() => undefined);
    },
    end() {
      recorder.end('sender');
      socket.end();
    },
    written: () => lastWrite,
  };
}
