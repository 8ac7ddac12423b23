import { openConsole } from './streams.ts';
import type { Streams } from './streams.ts';

/** Who speaks for a client: a person at the console, lines of a file, or one thing said on the command line. */
export interface Speaker {
  /** What to say next; `undefined` when there is nothing more. Rejects with the signal's reason. */
  ask(signal?: AbortSignal): Promise<string | undefined>;
  /** Shows text that is safe to show: see `printable`. */
  print(text: string): void;
  close(): void;
}

/** Makes the {@link Speaker} that says `say` once, or else whatever comes on standard input. */
export function createSpeaker(say: string | undefined, streams: Streams): Speaker {
  if (say === undefined) return openConsole(streams);
  const said = [say];
  return {
    ask: () => Promise.resolve(said.shift()),
    print: (text) => void streams.stdout.write(`${text}\n`),
    close: () => undefined,
  };
}
