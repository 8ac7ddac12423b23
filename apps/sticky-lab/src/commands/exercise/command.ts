import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, option, ServiceError } from '@socklab/service';
import { grade } from '../../exercises/grade.ts';
import { exercises } from '../../exercises/list/index.ts';
import { gradeJunit, gradeText, listText } from '../../exercises/report.ts';
import { languageOption } from '../../language.ts';
import { APP } from '../../version.ts';
import { interruptible } from '../probe/interrupt.ts';
import type { Exercise } from '../../exercises/exercise.ts';
import type { ProcessContext } from '../process-context.ts';
import type { Language } from '@socklab/lab';
import type { Command } from '@socklab/service';

interface ExerciseFlags {
  readonly json: boolean;
  readonly junit?: string;
  readonly hints: number;
  readonly language: Language;
}

const MAX_HINTS = 9;
const EXIT_INTERRUPTED = 4;

/** Adds `exercise`: runs and grades programs of students on this machine. */
export function addExerciseCommand(program: Command, context: ProcessContext): void {
  program
    .command('exercise')
    .description('run and grade your program, with its input cut at every position; exit 1 when it does not pass')
    .argument('[exercise]', 'its number or name; without it, the list of exercises')
    .argument('[command...]', 'its command, after --; {port} is replaced by the port to listen on, or to connect to')
    .addOption(option(APP, '--json', 'print the grade, or the list, as JSON', { default: false }))
    .addOption(option(APP, '--junit <file>', 'write the grade as JUnit XML too, for CI systems'))
    .addOption(option<number>(APP, '--hints <count>', 'number of hints when it does not pass; 0: none', { default: 1, parse: parseHints }))
    .addOption(languageOption('language of the text', context.language))
    .action((name: string | undefined, words: readonly string[], flags: ExerciseFlags) => exercise(name, words, flags, context));
}

/** @throws InvalidArgumentError for anything but a small number. */
function parseHints(text: string): number {
  if (/^\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`hints are counted from 0 to ${MAX_HINTS}.`);
}

async function exercise(name: string | undefined, words: readonly string[], flags: ExerciseFlags, context: ProcessContext): Promise<void> {
  const { stdout } = context.streams;
  if (name === undefined) {
    const list = exercises.map(({ number, id, title, kind, task }) => ({ number, id, title, kind, task }));
    stdout.write(flags.json ? `${JSON.stringify(list, undefined, 2)}\n` : listText(exercises, flags.language));
    return;
  }
  const chosen = exerciseNamed(name);
  if (words.length === 0) {
    stdout.write(listText([chosen], flags.language).replace('exercise 1 --', `exercise ${chosen.number} --`));
    return;
  }
  if (!words.some((word) => word.includes('{port}'))) {
    throw new ServiceError(
      'SERVICE_ERR_USAGE',
      `${JSON.stringify(words.join(' '))} has no {port}: it stands where the program takes its port`,
    );
  }
  await gradeAndTell(chosen, words, flags, context);
}

async function gradeAndTell(chosen: Exercise, words: readonly string[], flags: ExerciseFlags, context: ProcessContext): Promise<void> {
  const outcome = await interruptible((signal) => grade(chosen, words, signal));
  if (outcome.kind === 'interrupted') return context.exitWith(EXIT_INTERRUPTED);
  const { result } = outcome;
  if (flags.junit !== undefined) await writeFile(flags.junit, gradeJunit(result));
  const text = gradeText(result, chosen, { language: flags.language, hintCount: flags.hints });
  context.streams.stdout.write(flags.json ? `${JSON.stringify(result, undefined, 2)}\n` : text);
  if (!result.isPassed) context.exitWith(1);
}

function exerciseNamed(name: string): Exercise {
  const found = exercises.find(({ id, number }) => id === name || String(number) === name);
  if (found !== undefined) return found;
  const known = exercises.map(({ number, id }) => `${number} ${id}`).join(', ');
  throw new ServiceError('SERVICE_ERR_USAGE', `unknown exercise ${JSON.stringify(name)}; there are ${known}`);
}
