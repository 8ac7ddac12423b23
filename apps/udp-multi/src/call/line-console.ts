import { createOperatorConsole } from '@socklab/service';
import type { OperatorConsole, Streams } from '@socklab/service';

/** The console of a client, and how it shows messages and notices. */
export interface LineConsole {
  readonly lines: OperatorConsole;
  /** Shows a message: above the prompt on a terminal, else on standard output. */
  readonly print: (text: string) => void;
  /** Shows a notice: above the prompt on a terminal, else on standard error. */
  readonly tell: (text: string) => void;
}

/** Opens the console on the standard streams. The output of a pipe is the received messages and nothing else. */
export function openLineConsole(streams: Streams): LineConsole {
  const { stdin, stdout, stderr } = streams;
  const terminal = stdin.isTTY === true && stdout.isTTY === true;
  const lines = createOperatorConsole({ input: stdin, output: stdout, terminal });
  const above = (text: string): void => lines.print(text);
  if (terminal) return { lines, print: above, tell: above };
  return { lines, print: (text) => void stdout.write(`${text}\n`), tell: (text) => void stderr.write(`${text}\n`) };
}
