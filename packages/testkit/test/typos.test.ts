import { expect, test } from 'vitest';
import { misnamed } from '../src/project/typos.ts';

interface Command {
  readonly name: () => string;
  readonly options: readonly { readonly long: string }[];
  readonly commands: readonly Command[];
}

const command = (name: string, options: readonly string[], commands: readonly Command[] = []): Command => ({
  name: () => name,
  options: options.map((long) => ({ long })),
  commands,
});

const program = command('demo', ['--size'], [command('call', ['--rate', '--rae'])]);

test('a name is told of when it is the one that was meant', async () => {
  const seen: string[] = [];
  const parse = async (_program: unknown, words: readonly string[]): Promise<void> => {
    seen.push(words.join(' '));
    if (words[0] === '--sie') throw new Error("unknown option '--sie'\n(Did you mean one of --size, --sip?)");
    if (words[0] === 'cal') throw new Error("unknown command 'cal' (Did you mean call?)");
    if (words[1] === '--re') throw new Error("unknown option '--re' (Did you mean --ra?)");
  };
  expect(await misnamed(program, parse)).toEqual(["call --re 1: Error: unknown option '--re' (Did you mean --ra?)"]);
  // `--rae` is an option too.
  expect(seen).toEqual(['--sie 1', 'cal', 'call --re 1']);
});

test('what is taken, or refused for another reason, is told', async () => {
  const taken = command('demo', ['--size']);
  expect(await misnamed(taken, async () => undefined)).toEqual(['--sie 1: taken']);
  expect(await misnamed(taken, () => Promise.reject(new Error('a value is missing')))).toEqual(['--sie 1: Error: a value is missing']);
});
