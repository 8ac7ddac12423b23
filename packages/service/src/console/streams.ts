import { createOperatorConsole } from './console.ts';
import type { ConsoleOptions, OperatorConsole } from './console.ts';
import type { Readable, Writable } from 'node:stream';

/** The standard streams of a process. `process` is one. */
export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/** Opens the operator console on the standard streams: as a terminal when both are one. */
export function openConsole(streams: Streams, options?: Pick<ConsoleOptions, 'listener' | 'promptsAlways'>): OperatorConsole {
  return createOperatorConsole({ ...options, input: streams.stdin, output: streams.stdout, terminal: isTerminal(streams) });
}

/** Where the log goes when standard output carries a conversation: above its prompt, or to standard error. */
export function besideConsole(console: OperatorConsole, streams: Streams): Writable {
  return isTerminal(streams) ? console.logDestination : streams.stderr;
}

function isTerminal({ stdin, stdout }: Streams): boolean {
  return stdin.isTTY === true && stdout.isTTY === true;
}
