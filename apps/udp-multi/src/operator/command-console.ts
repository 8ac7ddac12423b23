import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { createOperatorConsole, openConsole } from '@socklab/service';
import { isCommand, textOf } from './operator-commands.ts';
import { createTextQueue } from './text-queue.ts';
import type { OperatorConsole, Streams } from '@socklab/service';

/** An operator's console where a command acts at once, whoever is asked to answer meanwhile. */
export interface CommandConsole extends OperatorConsole {
  /** Gives the commands to a listener. Those that came before it wait for it. */
  onCommand(run: (line: string) => void): void;
}

/** Opens the console of an operator on the standard streams; commands go past the texts that wait to be asked for. */
export function openCommandConsole(streams: Streams): CommandConsole {
  const isTerminal = streams.stdin.isTTY === true && streams.stdout.isTTY === true;
  return isTerminal ? onTerminal(openConsole(streams)) : onPipe(streams);
}

/** Texts a person typed before anybody asked for them. */
const MAX_WAITING_TEXTS = 1000;

/** Lines of a pipe that are commands are taken out before the console sees them. */
function onPipe({ stdin, stdout }: Streams): CommandConsole {
  const texts = new PassThrough();
  const console = createOperatorConsole({ input: texts, output: stdout, terminal: false });
  const lines = createInterface({ input: stdin, terminal: false });
  const listener = Promise.withResolvers<(line: string) => void>();
  const read = async (): Promise<void> => {
    for await (const line of lines) {
      if (isCommand(line)) (await listener.promise)(line);
      // A file on standard input waits in the file, not in memory.
      else if (!texts.write(`${textOf(line)}\n`)) await once(texts, 'drain');
    }
    texts.end();
  };
  void read();
  return {
    ...console,
    onCommand: listener.resolve,
    close() {
      lines.close();
      console.close();
    },
  };
}

/** On a terminal every line is read as it comes, so the prompt is always there. */
function onTerminal(console: OperatorConsole): CommandConsole {
  const texts = createTextQueue(MAX_WAITING_TEXTS);
  const listener = Promise.withResolvers<(line: string) => void>();
  const read = async (): Promise<void> => {
    for (let line = await console.ask(); line !== undefined; line = await console.ask()) {
      if (isCommand(line)) (await listener.promise)(line);
      else if (!texts.add(textOf(line))) console.print(`nobody waits for ${MAX_WAITING_TEXTS} texts already: this one is not kept`);
    }
    texts.end();
  };
  void read();
  return { ...console, onCommand: listener.resolve, ask: (signal) => texts.ask(signal), ended: texts.ended };
}
