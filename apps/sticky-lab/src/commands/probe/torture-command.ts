import { parseHex, torture, TORTURE_PLANS, tortureCorpus, writeCorpus } from '@socklab/probe';
import { InvalidArgumentError, ServiceError } from '@socklab/service';
import { APP } from '../../version.ts';
import { framingFlag } from '../framing-flag.ts';
import { EXIT_NOTHING_LEARNT, reportingErrors } from './errors.ts';
import { interruptible } from './interrupt.ts';
import { flag, parseSpan } from './options/flags.ts';
import { readInput } from './options/read-input.ts';
import { checkReportFiles, giveReport, reportOptions } from './options/report-options.ts';
import type { ProcessContext } from '../process-context.ts';
import type { ReportFlags } from './options/report-options.ts';
import type { Bytes, TorturePlanName } from '@socklab/probe';
import type { Command } from '@socklab/service';

interface TortureFlags extends ReportFlags {
  readonly framing: string;
  readonly frames?: string;
  readonly tests?: readonly TorturePlanName[];
  readonly only?: string;
  readonly hang: number;
  readonly maxTime: number;
  readonly corpus: boolean;
}

const MAX_FRAMES_BYTES = 4_194_304;

/** Adds `torture`: whether a decoder in any language reads the same bytes in any chunks, and refuses invalid ones. */
export function addTortureCommand(program: Command, context: ProcessContext): void {
  const command = program
    .command('torture')
    .description('run your decoder, in any language, on difficult lengths and cuts, and compare its results')
    .argument('[command...]', 'how to start it, after --: it takes chunks on standard input, in lines')
    .addOption(framingFlag('the framing that it decodes').makeOptionMandatory())
    .addOption(flag('--frames <file>', 'use these whole frames instead of generated ones: hex, one a line'))
    .addOption(
      flag<TorturePlanName>('--tests <kinds>', `which kinds of tests: ${TORTURE_PLANS.map(({ name }) => name).join(', ')}`, {
        parse: parsePlan,
        repeatable: true,
      }),
    )
    .addOption(flag('--only <id>', 'a single test, as named in a report: every-cut#3'))
    .addOption(
      flag<number>('--hang <duration>', 'longest wait for an answer; the first one may take a minute', {
        default: 5000,
        defaultText: '5s',
        parse: parseSpan,
      }),
    )
    .addOption(
      flag<number>('--max-time <duration>', 'longest time for all tests', { default: 300_000, defaultText: '5m', parse: parseSpan }),
    )
    .addOption(flag('--corpus', 'print the tests as JSON and run nothing', { default: false }));
  for (const each of reportOptions()) command.addOption(each);
  command.action((words: readonly string[], flags: TortureFlags) => reportingErrors(context, () => runTorture(words, flags, context)));
}

/** @throws InvalidArgumentError naming those that there are. */
function parsePlan(text: string): TorturePlanName {
  const plan = TORTURE_PLANS.find(({ name }) => name === text);
  if (plan !== undefined) return plan.name;
  throw new InvalidArgumentError(`allowed: ${TORTURE_PLANS.map(({ name }) => name).join(', ')}.`);
}

async function runTorture(words: readonly string[], flags: TortureFlags, context: ProcessContext): Promise<void> {
  const { framing, only, tests, hang: hangMs, maxTime: maxTimeMs } = flags;
  const frames = flags.frames === undefined ? {} : { frames: await readFrames(flags.frames) };
  if (flags.corpus) return void context.streams.stdout.write(writeCorpus(tortureCorpus(framing, frames)));
  if (words.length === 0)
    throw new ServiceError('SERVICE_ERR_USAGE', 'give the decoder after --, as in torture --framing u32be -- python3 decoder.py');
  await checkReportFiles(flags);
  const replay = [context.name ?? APP, 'torture', '--framing', framing, ...(flags.frames === undefined ? [] : ['--frames', flags.frames])];
  const chosen = { ...frames, ...(only !== undefined && { only }), ...(tests !== undefined && { plans: tests }) };
  const outcome = await interruptible((signal) => torture({ framing, run: words, replay, hangMs, maxTimeMs, signal, ...chosen }));
  if (outcome.kind === 'done') return giveReport(outcome.result, flags, context);
  context.streams.stderr.write('interrupted: there is no report\n');
  context.exitWith(EXIT_NOTHING_LEARNT);
}

async function readFrames(path: string): Promise<readonly Bytes[]> {
  const lines = (await readInput('--frames', path, MAX_FRAMES_BYTES)).toString('latin1').split('\n');
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).map(parseHex);
}
