import type { Bytes, BytesIn } from '../codec.ts';

/** Bytes that are appended at the end and dropped at the start, in memory that grows by doubling. */
export class Scratch {
  #memory: Bytes = new Uint8Array(64);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** A view, valid until the next call. */
  bytes(): Bytes {
    return this.#memory.subarray(this.#start, this.#end);
  }

  append(chunk: BytesIn): void {
    if (this.#end + chunk.length > this.#memory.length) this.#makeRoom(chunk.length);
    this.#memory.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  drop(byteLength: number): void {
    this.#start += byteLength;
    if (this.#start < this.#end) return;
    this.#start = 0;
    this.#end = 0;
  }

  #makeRoom(byteLength: number): void {
    const held = this.bytes();
    const needed = held.length + byteLength;
    const memory = needed * 2 > this.#memory.length ? new Uint8Array(needed * 2) : this.#memory;
    memory.set(held);
    this.#memory = memory;
    this.#start = 0;
    this.#end = held.length;
  }
}
