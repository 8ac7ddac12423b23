import { parseConsoleLine, printable } from '@socklab/service';
import type { ConsoleCommand } from '@socklab/service';

/** The commands of the operator, without their slashes. */
export type OperatorCommandName = 'who' | 'to' | 'all' | 'kick' | 'next' | 'quit' | 'help';

/** Every command, in the order of `/help`. */
export const OPERATOR_COMMANDS: readonly ConsoleCommand<OperatorCommandName>[] = [
  { name: 'who', arguments: [], help: 'shows who is connected, and who waits in the queue' },
  { name: 'to', arguments: ['ID', 'TEXT'], help: 'sends a message to one of them, out of turn' },
  { name: 'all', arguments: ['TEXT'], help: 'sends a message to all of them, including the queue' },
  { name: 'kick', arguments: ['ID'], help: 'ends the connection of one of them' },
  { name: 'next', arguments: [], help: 'ends the conversation and serves the next in the queue' },
  { name: 'quit', arguments: [], help: 'says goodbye to all and ends the service' },
  { name: 'help', arguments: [], help: 'shows this; two slashes begin a text that begins with one' },
];

/** A command of the operator. */
export type OperatorCommand =
  | { readonly kind: 'who' | 'next' | 'quit' | 'help' }
  | { readonly kind: 'to'; readonly id: number; readonly text: string }
  | { readonly kind: 'all'; readonly text: string }
  | { readonly kind: 'kick'; readonly id: number };

/** The meaning of a line: text to send in turn, a command, or an invalid command. */
export type OperatorLine =
  | OperatorCommand
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'error'; readonly error: string };

/** Parses a line of the operator. `error` is one line that says what was seen and what is allowed. */
export function parseOperatorLine(line: string): OperatorLine {
  const parsed = parseConsoleLine(line, OPERATOR_COMMANDS);
  if (parsed.kind !== 'command') return parsed;
  const { name, words, rest } = parsed;
  if (name === 'all') return { kind: name, text: rest };
  if (name === 'to') return withId(words, (id) => ({ kind: name, id, text: rest }));
  if (name === 'kick') return withId(words, (id) => ({ kind: name, id }));
  return { kind: name };
}

const MAX_SHOWN_BYTES = 64;

function withId([word = '']: readonly string[], toCommand: (id: number) => OperatorCommand): OperatorLine {
  // Connection numbers start at 1; no service reaches longer ones than these.
  if (/^[1-9]\d{0,14}$/.test(word)) return toCommand(Number(word));
  return { kind: 'error', error: `${printable(Buffer.from(word), MAX_SHOWN_BYTES)} is not an ID: /who lists them` };
}
