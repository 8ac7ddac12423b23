import { EventEmitter, once } from 'node:events';
import FramedStream from 'framed-stream';
import type { Contender } from '../contender.ts';

/** The socket that framed-stream reads from: delivers chunk after chunk as long as it is not paused. */
class ChunkSource extends EventEmitter {
  readonly #chunks: readonly Buffer[];
  #next = 0;
  #hasEnded = false;
  #flowing = false;
  #emitting = false;

  constructor(chunks: readonly Buffer[]) {
    super();
    this.#chunks = chunks;
  }

  pause(): void {
    this.#flowing = false;
  }

  resume(): void {
    this.#flowing = true;
    if (this.#emitting) return;
    this.#emitting = true;
    while (this.#flowing && this.#next < this.#chunks.length) this.emit('data', this.#chunks[this.#next++]);
    this.#emitting = false;
    if (this.#next < this.#chunks.length || this.#hasEnded) return;
    this.#hasEnded = true;
    this.emit('end');
  }

  write(): boolean {
    return true;
  }

  end(): void {}

  destroy(): void {}
}

export const contender: Contender = {
  name: 'framed-stream',
  task: 'decode',
  group: 'npm',
  wire: 'u32le',
  about: "Duplex of streamx over a socket, 'data' events",
  prepare:
    ({ chunks }, { bytes }) =>
    async () => {
      const framed = new FramedStream(new ChunkSource(chunks));
      const tally = { frames: 0, sum: 0 };
      framed.on('data', (payload: Buffer) => {
        tally.frames++;
        tally.sum += bytes(payload, 0, payload.length);
      });
      await once(framed, 'end');
      framed.destroy();
      return tally;
    },
};
