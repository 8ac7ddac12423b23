import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** Clients that keep `depth` frames in flight on each connection, and send one more for each that returned. */
export class Load {
  readonly #sockets: Socket[] = [];
  readonly #wire: Uint8Array;
  readonly #frameBytes: number;
  readonly #depth: number;
  /** Frames that returned. */
  answered = 0;
  #latenciesMs: number[] = [];
  #isOver = false;

  /** @param frame what is sent and must return, byte by byte. */
  constructor(frame: Uint8Array, depth: number) {
    this.#frameBytes = frame.length;
    this.#depth = depth;
    this.#wire = Buffer.concat(Array.from({ length: depth }, () => frame));
  }

  async start(port: number, connections: number): Promise<void> {
    for (let index = 0; index < connections; index++) {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      this.#sockets.push(socket);
    }
    for (const socket of this.#sockets) this.#drive(socket);
  }

  stop(): void {
    this.#isOver = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Restarts the latency measurement. */
  forgetLatencies(): void {
    this.#latenciesMs = [];
  }

  /** The 99th percentile of the latency, from a write to the first frame of it that returned. */
  p99Us(): number {
    const sorted = this.#latenciesMs.toSorted((a, b) => a - b);
    return (sorted[Math.floor(sorted.length * 0.99)] ?? 0) * 1000;
  }

  #drive(socket: Socket): void {
    let received = 0;
    /** Writes without a returned frame: the frame that each starts with, and when. */
    const writes: { readonly frame: number; readonly at: number }[] = [{ frame: 0, at: performance.now() }];
    let sent = this.#depth;
    socket.on('data', (chunk: Buffer) => {
      this.#check(chunk, received);
      const before = Math.floor(received / this.#frameBytes);
      received += chunk.length;
      const frames = Math.floor(received / this.#frameBytes) - before;
      this.answered += frames;
      if (frames === 0) return;
      const now = performance.now();
      while (writes.length > 0 && writes[0]!.frame < before + frames) this.#latenciesMs.push(now - writes.shift()!.at);
      writes.push({ frame: sent, at: now });
      sent += frames;
      socket.write(this.#wire.subarray(0, frames * this.#frameBytes));
    });
    socket.on('close', () => {
      if (!this.#isOver) throw new Error(`the server closed a connection after ${received} bytes`);
    });
    socket.write(this.#wire.subarray(0, this.#depth * this.#frameBytes));
  }

  // Checks the first and the last byte of each chunk: enough to see a misplaced boundary, at no cost.
  #check(chunk: Uint8Array, received: number): void {
    for (const at of [0, chunk.length - 1]) {
      const expected = this.#wire[(received + at) % this.#frameBytes];
      if (chunk[at] !== expected) throw new Error(`byte ${received + at} came back as ${chunk[at]}, sent was ${expected}`);
    }
  }
}
