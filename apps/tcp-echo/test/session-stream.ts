import type { EndReason, Stream } from '../src/sessions/session.ts';

/** The stream of a session under test: what is sent, and how it ends. The peer keeps up until told otherwise. */
export class TestStream implements Stream {
  pendingBytes = 0;
  finished: EndReason | undefined;
  /** Bytes that the peer takes before it does not keep up. */
  room = Number.POSITIVE_INFINITY;
  #sent: Buffer[] = [];

  write(memory: Buffer, byteLength: number): boolean {
    return this.send(Buffer.from(memory.subarray(0, byteLength)));
  }

  send(bytes: Uint8Array): boolean {
    // What the system has not taken stays where it is.
    this.#sent.push(this.pendingBytes > 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes));
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
