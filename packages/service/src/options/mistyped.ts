import { nearestOf } from './nearest.ts';
import type { Command, CommanderError } from 'commander';

/**
 * Errors of commander that a mistyped name causes, though they speak of something else; and of an unknown option, where commander asks the default
 * command for the nearest name, and not the program.
 */
const CAUSED = new Set(['commander.missingMandatoryOptionValue', 'commander.excessArguments', 'commander.unknownOption']);

/**
 * Looks for a mistyped name behind an error: commander reports a missing option before it looks for unknown ones, and takes an unknown command
 * for an argument.
 *
 * @param words - What was typed after the program's name.
 * @returns `unknown option '--targt' (Did you mean --target?)`; `undefined` when no name is behind the error.
 */
export function mistypedName(program: Command, words: readonly string[], error: CommanderError): string | undefined {
  if (!CAUSED.has(error.code) || error.message.includes('Did you mean')) return undefined;
  const { option, command, names } = firstUnknown(program, words);
  if (option !== undefined) return sentence('option', option, nearestOf(option, names));
  if (command === undefined || names.length === 0) return undefined;
  const nearest = nearestOf(command, names);
  return nearest === undefined ? `unknown command '${command}', there are ${names.join(', ')}` : sentence('command', command, nearest);
}

function sentence(kind: string, typed: string, nearest: string | undefined): string {
  return `unknown ${kind} '${typed}'${nearest === undefined ? '' : ` (Did you mean ${nearest}?)`}`;
}

interface Unknown {
  readonly option?: string;
  readonly command?: string;
  /** What exists instead. */
  readonly names: readonly string[];
}

/** The first word that is neither an option, the value of one, nor a command. */
function firstUnknown(program: Command, words: readonly string[]): Unknown {
  let command = program;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') break;
    if (!word.startsWith('-')) {
      const below = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
      if (below === undefined) return { command: word, names: command.commands.map((each) => each.name()) };
      command = below;
      continue;
    }
    // A word may hold several short options, and a value after one: those are left to commander.
    if (!word.startsWith('--')) break;
    const name = word.split('=', 1)[0]!;
    const option = command.options.find(({ long }) => long === name);
    if (option === undefined) return { option: name, names: command.options.flatMap(({ long }) => long ?? []) };
    if (option.required && name === word) at += 1;
  }
  return { names: [] };
}
