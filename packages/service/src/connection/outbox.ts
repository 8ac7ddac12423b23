import { giveBack } from './blocks.ts';
import { ByteQueue } from './byte-queue.ts';
import type { Socket } from 'node:net';

const NOTHING = new Uint8Array(0);

/**
 * What a socket still has to send when its kernel does not take all at once. The socket keeps one piece; what follows is gathered in
 * blocks of 64 KiB, so that many small answers cost no more memory than a few large ones.
 *
 * ```
 *        keep, append                 the kernel has taken all
 * idle ---------------> flushing ------------------------------> idle, `empty` is called
 *                        ^    | has taken what the socket had: the next block
 *                        +----+
 * ```
 */
export class Outbox {
  isFlushing = false;
  readonly #socket: Socket;
  readonly #changed: () => void;
  readonly #empty: () => void;
  readonly #onTaken = (error?: Error | null): void => this.#taken(error);
  readonly #waiting = new ByteQueue();
  /** Memory that the socket keeps until the kernel has taken its bytes. */
  #keptBytes = 0;
  /** What was written to the socket with the write whose callback is due. */
  #sent: Uint8Array[] = [];

  /**
   * @param changed - called when `memoryBytes` has changed outside of a call.
   * @param empty - called when the kernel has taken everything.
   */
  constructor(socket: Socket, changed: () => void, empty: () => void) {
    this.#socket = socket;
    this.#changed = changed;
    this.#empty = empty;
  }

  /** Bytes that the socket does not have yet. */
  get waitingBytes(): number {
    return this.#waiting.length;
  }

  get memoryBytes(): number {
    return this.#keptBytes + this.#waiting.memoryBytes;
  }

  /**
   * The socket was given a piece that its kernel has not taken: it keeps this much memory.
   *
   * @param memory - a block to give back once the kernel has taken it.
   */
  keep(memoryBytes: number, memory?: Uint8Array): void {
    this.#keptBytes += memoryBytes;
    // The write whose callback is next lies before this piece.
    if (this.isFlushing) return;
    if (memory !== undefined) this.#sent.push(memory);
    this.#flush();
  }

  /** Sends a copy of the first `byteLength` bytes after everything else. */
  append(bytes: Uint8Array, byteLength: number): void {
    this.#waiting.append(bytes, byteLength);
    if (!this.isFlushing) this.#flush();
  }

  /** Hands everything to the socket, which can be ended then. */
  close(): void {
    const socket = this.#socket;
    for (let block = this.#waiting.shift(); block !== undefined; block = this.#waiting.shift()) {
      if (socket.destroyed || socket.writableEnded) continue;
      this.#keptBytes += block.buffer.byteLength;
      socket.write(block);
    }
  }

  /** The socket is destroyed, with the bytes it had. */
  forget(): void {
    for (let block = this.#waiting.shift(); block !== undefined; block = this.#waiting.shift()) giveBack(block);
    this.#keptBytes = 0;
    this.#sent = [];
  }

  #flush(): void {
    const block = this.#waiting.shift();
    this.#keptBytes += block?.buffer.byteLength ?? 0;
    if (block !== undefined) this.#sent.push(block);
    this.isFlushing = true;
    // A socket reports the end of a write only to a callback of it: an empty write, if need be.
    this.#socket.write(block ?? NOTHING, this.#onTaken);
  }

  #taken(error: Error | null | undefined): void {
    const socket = this.#socket;
    this.isFlushing = false;
    // Memory of unsent bytes is not reused: the system may still read it.
    if (socket.destroyed || (error !== null && error !== undefined)) return;
    for (const memory of this.#sent) giveBack(memory);
    this.#sent = [];
    this.#keptBytes = socket.writableLength;
    if (!socket.writableEnded && socket.writableLength + this.#waiting.length > 0) this.#flush();
    this.#changed();
    if (!this.isFlushing) this.#empty();
  }
}
