import { writeFileSync } from 'node:fs';
import { ServiceError } from '@socklab/service';
import { reportingErrors } from '../errors.ts';
import { flag } from '../options/flags.ts';
import { entryOptions } from './entry.ts';
import type { ProcessContext } from '../../process-context.ts';
import type { Command, Option } from '@socklab/service';

/** The default name of a campaign file. */
export const CAMPAIGN_FILE = 'socklab.probe.json';

interface InitFlags {
  readonly out: string;
  readonly name: string;
}

/** Adds `init`: writes a campaign file from options of `probe`. */
export function addInitCommand(program: Command, context: ProcessContext): void {
  const command = program
    .command('init')
    .description('write a campaign file with one campaign in it, from the options that `sticky-lab probe` takes')
    .addOption(flag('--out <file>', 'the file to write; an existing one is not overwritten', { default: CAMPAIGN_FILE }))
    .addOption(flag('--name <text>', 'the name of the campaign in reports', { default: 'every cut' }));
  const options = entryOptions('tcp');
  const texts = new Map<string, string[]>();
  for (const each of options) command.addOption(each.required ? keeping(each, texts) : each);
  command.action((flags: InitFlags) =>
    reportingErrors(context, () => {
      const on = options
        .filter((each) => !each.required && command.getOptionValueSource(each.attributeName()) === 'cli')
        .map(({ long }) => [long!.slice(2), true] as const);
      const given = [...texts].map(([name, all]) => [name, all.length === 1 ? all[0] : all] as const);
      return Promise.resolve(write(flags, Object.fromEntries([...given, ...on]), context));
    }),
  );
}

/** The option, which checks its value as usual, and keeps its text. */
function keeping(made: Option, texts: Map<string, string[]>): Option {
  const { parseArg, long } = made;
  const name = long!.slice(2);
  return made.argParser((text: string) => {
    parseArg?.(text, made.defaultValue);
    texts.set(name, [...(texts.get(name) ?? []), text]);
    return text;
  });
}

function write({ out, name }: InitFlags, entry: object, { streams }: ProcessContext): void {
  try {
    writeFileSync(out, `${JSON.stringify({ campaigns: [{ name, ...entry }] }, undefined, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new ServiceError('SERVICE_ERR_USAGE', `--out ${out} cannot be written: ${String(error.code)}`, { cause: error });
  }
  streams.stdout.write(`wrote ${out}: run it with sticky-lab campaign${out === CAMPAIGN_FILE ? '' : ` ${out}`}\n`);
}
