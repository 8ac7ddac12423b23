import type { EndReason, Stream } from '../../src/session.ts';

/** The stream of a session under test: what is sent, and how it ends. The peer keeps up until told otherwise. */
export class TestStream implements Stream {
  finished: EndReason | undefined;
  /** Bytes that the peer takes before it does not keep up. */
  room = Number.POSITIVE_INFINITY;
  /** Whether the system does not take at once what it is lent. */
  keeps = false;
  /** What the next write throws. */
  failure: Error | undefined;
  #sent: Buffer[] = [];

  write(memory: Uint8Array, byteLength: number): boolean {
    return this.send(Buffer.from(memory.subarray(0, byteLength)));
  }

  send(bytes: Uint8Array): boolean {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    // Not copied: nobody changes it, and whoever does is found out.
    this.#sent.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.room -= bytes.length;
    return this.room > 0;
  }

  lend(bytes: Uint8Array, release: () => void): boolean {
    if (!this.keeps) return this.send(Buffer.from(bytes));
    release();
    return this.send(bytes);
  }

  finish(reason: EndReason): void {
    this.finished = reason;
  }

  get sent(): Buffer {
    return Buffer.concat(this.#sent);
  }

  /** What was sent since the last call. */
  taken(): Buffer {
    const { sent } = this;
    this.#sent = [];
    return sent;
  }

  /** How many times it was written to. */
  get writes(): number {
    return this.#sent.length;
  }
}
