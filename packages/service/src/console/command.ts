import { printable } from '../base/printable.ts';

/** A command of a console, such as `/to ID TEXT`. */
export interface ConsoleCommand<Name extends string = string> {
  /** Without its slash. */
  readonly name: Name;
  /** Its arguments, in order. `TEXT` is the rest of the line as typed, and comes last; anything else is one word. */
  readonly arguments: readonly string[];
  /** What it does, in one line. */
  readonly help: string;
}

/** The meaning of a line entered at a console. */
export type ConsoleLine<Name extends string = string> =
  /** Not a command: text to send. */
  | { readonly kind: 'text'; readonly text: string }
  /** `words` are the arguments before `TEXT`, none of them empty; `rest` is `TEXT`, empty for a command that takes none. */
  | { readonly kind: 'command'; readonly name: Name; readonly words: readonly string[]; readonly rest: string }
  /** An unknown command, or wrong arguments: `error` says what was seen and what is allowed, in one line. */
  | { readonly kind: 'error'; readonly error: string };

/** The argument that is the rest of the line. */
const REST = 'TEXT';

/** Bytes of a line that an error quotes. */
const MAX_SHOWN_BYTES = 64;

/**
 * Tells commands from texts: a line that begins with one slash is a command, one that begins with two is a text that
 * begins with one.
 */
export function parseConsoleLine<Name extends string>(line: string, commands: readonly ConsoleCommand<Name>[]): ConsoleLine<Name> {
  if (!line.startsWith('/')) return { kind: 'text', text: line };
  if (line.startsWith('//')) return { kind: 'text', text: line.slice(1) };
  const [, given = '', following = ''] = /^(\/\S*)\s?(.*)$/su.exec(line) ?? [];
  const command = commands.find(({ name }) => given === `/${name}`);
  if (command === undefined) {
    const known = commands.map(({ name }) => `/${name}`).join(' ');
    return { kind: 'error', error: `unknown command ${shown(given)}; commands: ${known}; begin a text with two slashes` };
  }
  return readArguments(command, following);
}

function readArguments<Name extends string>(command: ConsoleCommand<Name>, following: string): ConsoleLine<Name> {
  const { name, arguments: wanted } = command;
  const words: string[] = [];
  let rest = following;
  for (const argument of wanted) {
    if (argument === REST) {
      return rest === '' ? missing(command, REST) : { kind: 'command', name, words, rest };
    }
    // One space ends a word: further ones belong to the text.
    const [, word = '', after = ''] = /^\s*(\S*)\s?(.*)$/su.exec(rest) ?? [];
    if (word === '') return missing(command, argument);
    words.push(word);
    rest = after;
  }
  const surplus = rest.trim();
  if (surplus !== '') return { kind: 'error', error: `/${name}: ${shown(surplus)} is not expected; usage: ${commandUsage(command)}` };
  return { kind: 'command', name, words, rest: '' };
}

function missing<Name extends string>(command: ConsoleCommand, argument: string): ConsoleLine<Name> {
  return { kind: 'error', error: `/${command.name}: ${argument} is missing; usage: ${commandUsage(command)}` };
}

function shown(text: string): string {
  return printable(Buffer.from(text), MAX_SHOWN_BYTES);
}

/** A command as it is typed: `/to ID TEXT`. */
export function commandUsage({ name, arguments: wanted }: ConsoleCommand): string {
  return [`/${name}`, ...wanted].join(' ');
}

/** All commands, a line each: what to enter, and what it does. */
export function commandHelp(commands: readonly ConsoleCommand[]): string {
  const width = Math.max(...commands.map((command) => commandUsage(command).length));
  return commands.map((command) => `${commandUsage(command).padEnd(width)}  ${command.help}`).join('\n');
}

/** Completions of a line, as node:readline wants them: whole words, and the part of the line that each of them completes. */
export type Completion = [candidates: string[], completed: string];

/**
 * What can follow what was typed so far: a command, or one of its arguments.
 *
 * @param wordsFor - The values that an argument of that name can have.
 */
export function completeCommand(
  typed: string,
  commands: readonly ConsoleCommand[],
  wordsFor: (argument: string) => readonly string[],
): Completion {
  const [given = '', ...words] = typed.split(/ +/);
  if (!given.startsWith('/')) return [[], typed];
  if (words.length === 0) return [startingWith(commands.map(asTyped), given), given];
  const wanted = commands.find(({ name }) => given === `/${name}`)?.arguments ?? [];
  const argument = wanted[words.length - 1];
  const word = words.at(-1) ?? '';
  if (argument === undefined || argument === REST) return [[], word];
  const space = words.length < wanted.length ? ' ' : '';
  return [
    startingWith(
      wordsFor(argument).map((each) => each + space),
      word,
    ),
    word,
  ];
}

/** With the space before what follows. */
function asTyped({ name, arguments: wanted }: ConsoleCommand): string {
  return `/${name}${wanted.length > 0 ? ' ' : ''}`;
}

function startingWith(candidates: readonly string[], start: string): string[] {
  return candidates.filter((candidate) => candidate.startsWith(start));
}
