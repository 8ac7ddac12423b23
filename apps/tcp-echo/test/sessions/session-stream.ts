import type { EndReason, Stream } from '../../src/session.ts';

/** The stream of a session under test: what is sent, and how it ends. The peer keeps up until told otherwise. */
export class TestStream implements Stream {
  pendingBytes = 0;
  finished: EndReason | undefined;
  /** Bytes that the peer takes before it does not keep up. */
  room = Number.POSITIVE_INFINITY;
  /** What the next write or send throws. */
  failure: Error | undefined;
  #sent: Buffer[] = [];

  write(memory: Uint8Array, byteLength: number): boolean {
    return this.#take(Buffer.from(memory.subarray(0, byteLength)));
  }

  send(bytes: Uint8Array): boolean {
    // What the system has not taken stays where it is.
    return this.#take(this.pendingBytes > 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes));
  }

  #take(bytes: Buffer): boolean {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    this.#sent.push(bytes);
    this.room -= bytes.length;
    return this.room > 0;
  }

  finish(reason: EndReason): void {
    this.finished = reason;
  }

  get sent(): Buffer {
    return Buffer.concat(this.#sent);
  }

  /** How many times it was written to. */
  get writes(): number {
    return this.#sent.length;
  }
}
