import { createOperatorConsole } from './console.ts';
import type { ConsoleOptions, OperatorConsole } from './console.ts';
import type { Readable, Writable } from 'node:stream';

/** The standard streams of a process. `process` is one. */
export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/** Opens the console of an operator on the standard streams: a terminal when a person sits at both ends. */
export function openConsole(streams: Streams, options?: Pick<ConsoleOptions, 'listener' | 'promptsAlways'>): OperatorConsole {
  return createOperatorConsole({ ...options, input: streams.stdin, output: streams.stdout, terminal: isTerminal(streams) });
}

/** Where the log goes beside a conversation on standard output: above its prompt, or to standard error. */
export function besideConsole(console: OperatorConsole, streams: Streams): Writable {
  return isTerminal(streams) ? console.logDestination : streams.stderr;
}

function isTerminal({ stdin, stdout }: Streams): boolean {
  return stdin.isTTY === true && stdout.isTTY === true;
}
