import type { Socket } from 'node:net';
import type { BytesIn } from '@socklab/framing';

/** The sending end of a connection. */
export interface Sender {
  /** Writes at once, by one system call of its own while the kernel has room. */
  send(bytes: BytesIn): void;
  /** Tells the receiver that no more comes. */
  end(): void;
  /** Resolves when the kernel has taken all that was sent so far; rejects when it did not. */
  written(): Promise<void>;
}

/** Makes the sender of an accepted socket. Nagle's algorithm is left on, as it is by default. */
export function createSender(socket: Socket): Sender {
  let lastWrite: Promise<void> = Promise.resolve();
  return {
    send(bytes) {
      const write = new Promise<void>((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      });
      lastWrite = Promise.all([lastWrite, write]).then(() => undefined);
      // Whoever waits in written() is told; a write that nobody waits for must not end the process.
      lastWrite.catch(() => undefined);
    },
    end: () => void socket.end(),
    written: () => lastWrite,
  };
}
