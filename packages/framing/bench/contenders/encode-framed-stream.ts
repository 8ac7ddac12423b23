import { EventEmitter, once } from 'node:events';
import FramedStream from 'framed-stream';
import type { Contender, Visitor } from '../contender.ts';

/** The socket that framed-stream writes to. */
class WrittenSink extends EventEmitter {
  sum = 0;
  readonly #written: Visitor['written'];

  constructor(written: Visitor['written']) {
    super();
    this.#written = written;
  }

  write(frame: Uint8Array): boolean {
    this.sum += this.#written(frame);
    return true;
  }

  end(): void {}

  resume(): void {}

  pause(): void {}

  destroy(): void {}
}

export const contender: Contender = {
  name: 'encode-framed-stream',
  task: 'encode',
  group: 'npm',
  wire: 'u32le',
  about: 'write() of its Duplex',
  prepare:
    ({ payloads }, { written }) =>
    async () => {
      const sink = new WrittenSink(written);
      const framed = new FramedStream(sink);
      const finished = once(framed, 'finish');
      for (const payload of payloads) framed.write(payload);
      framed.end();
      await finished;
      framed.destroy();
      return { frames: payloads.length, sum: sink.sum };
    },
};
