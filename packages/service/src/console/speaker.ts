import { openConsole } from './streams.ts';
import type { Streams } from './streams.ts';

/** The source of a client's messages: a person at the console, lines of a file, or one message of the command line. */
export interface Speaker {
  /** The next message; `undefined` at the end. Rejects with the signal's reason. */
  ask(signal?: AbortSignal): Promise<string | undefined>;
  /** Shows text that is safe to show: see `printable`. */
  print(text: string): void;
  close(): void;
}

/** Makes the {@link Speaker} that says `say` once, or the lines of standard input. */
export function createSpeaker(say: string | undefined, streams: Streams): Speaker {
  if (say === undefined) return openConsole(streams);
  const said = [say];
  return {
    ask: () => Promise.resolve(said.shift()),
    print: (text) => void streams.stdout.write(`${text}\n`),
    close: () => undefined,
  };
}
