import { once } from 'node:events';
import type { Tally } from './contender.ts';

/** The part of a Node stream, of any version, that is used here. */
export interface DuplexLike extends NodeJS.EventEmitter {
  write(chunk: Uint8Array): boolean;
  end(): unknown;
}

/**
 * Writes `chunks` to `stream` and calls `visit` for each thing that it emits. Nothing waits for `drain`: the whole
 * workload is in memory anyway, and waiting would count against the stream.
 */
export async function feed(stream: DuplexLike, chunks: readonly Uint8Array[], visit: (output: never) => number): Promise<Tally> {
  const tally: Tally = { frames: 0, sum: 0 };
  stream.on('data', (output: unknown) => {
    tally.frames++;
    tally.sum += visit(output as never);
  });
  const ended = once(stream, 'end');
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await ended;
  return tally;
}
