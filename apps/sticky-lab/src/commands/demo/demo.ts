import { LabError, describeExperiment, resolveParameters, runAll, tableFoot, tableHead, tableRun } from '@socklab/lab';
import { InvalidArgumentError, ServiceError } from '@socklab/service';
import { keepingPackets } from './packets.ts';
import type { ProcessContext } from '../process-context.ts';
import type { Experiment, LabReport, Language } from '@socklab/lab';
import type { Machine, RunAllOptions, RunReport } from '@socklab/lab';
import type { Writable } from 'node:stream';

/** One `--param name=value`. */
export interface ParameterFlag {
  readonly name: string;
  readonly value: number;
}

/** Options of `demo`. */
export interface DemoOptions {
  readonly experiments: readonly Experiment[];
  /** The experiments to run; all when empty. */
  readonly ids: readonly string[];
  readonly param: readonly ParameterFlag[];
  readonly json: boolean;
  /** Lists the experiments instead of running them. */
  readonly list: boolean;
  /** The language of the table and the list. */
  readonly language: Language;
  /** Keeps the packets in this file. */
  readonly pcapng?: string;
  readonly stdout: Writable;
  readonly machine: Machine;
  readonly streams: ProcessContext['streams'];
  readonly exitWith: ProcessContext['exitWith'];
}

/**
 * Runs experiments and prints their results.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` for an unknown id or an invalid parameter, before anything runs;
 * LabError `LAB_ERR_UNEXPECTED` when a run failed or its answer is not the expected one.
 */
export async function demo(options: DemoOptions): Promise<void> {
  const { param, json, list, language, stdout, pcapng } = options;
  const chosen = chooseExperiments(options);
  const params = Object.fromEntries(param.map(({ name, value }) => [name, value]));
  checkParameters(chosen, params);
  if (list) {
    if (pcapng !== undefined) throw new ServiceError('SERVICE_ERR_USAGE', '--pcapng keeps the packets of runs, and --list runs nothing');
    stdout.write(json ? toJson(chosen.map(describeExperiment)) : chosen.map((experiment) => listLines(experiment, language)).join(''));
    return;
  }
  const run = (keep: Keep = {}): Promise<LabReport> => runChosen(chosen, params, { ...options, ...keep });
  if (pcapng === undefined) return judge(await run());
  const report = await keepingPackets(pcapng, options.streams.stderr, (packets, signal) => run({ packets, signal }));
  if (report === undefined) options.exitWith(EXIT_INTERRUPTED);
  else judge(report);
}

/** A process that SIGINT ended, as a shell tells it. */
const EXIT_INTERRUPTED = 130;

/** Who takes the packets, and what ends the runs early. */
type Keep = Pick<RunAllOptions, 'packets' | 'signal'>;

async function runChosen(
  chosen: readonly Experiment[],
  params: Readonly<Record<string, number>>,
  { json, language, stdout, machine, packets, signal }: DemoOptions & Keep,
): Promise<LabReport> {
  if (!json) stdout.write(tableHead(machine, language));
  const onRun = (run: RunReport): void => void (json || stdout.write(tableRun(run, language)));
  const report = await runAll(chosen, { machine, params, onRun, packets, signal });
  stdout.write(json ? toJson(report) : tableFoot(report.experiments, language));
  return report;
}

/** @throws LabError `LAB_ERR_UNEXPECTED` */
function judge(report: LabReport): void {
  if (!report.isAsExpected) throw unexpected(report);
}

/**
 * Parses what `--param` takes: `name=value`, the value a whole number.
 *
 * @throws InvalidArgumentError for anything else.
 */
export function parseParameter(text: string): ParameterFlag {
  const match = /^([^=\s]+)=(-?\d+)$/.exec(text);
  if (match === null) throw new InvalidArgumentError(`${JSON.stringify(text)} is not a parameter: give name=value, as in readBytes=15.`);
  return { name: match[1] ?? '', value: Number(match[2]) };
}

function chooseExperiments({ experiments, ids }: DemoOptions): readonly Experiment[] {
  const unknown = ids.find((id) => !experiments.some((experiment) => experiment.id === id));
  if (unknown !== undefined) {
    const known = experiments.map(({ id }) => id).join(', ');
    throw new ServiceError('SERVICE_ERR_USAGE', `unknown experiment ${JSON.stringify(unknown)}; there are ${known}`);
  }
  return ids.length === 0 ? experiments : experiments.filter(({ id }) => ids.includes(id));
}

function checkParameters(chosen: readonly Experiment[], params: Readonly<Record<string, number>>): void {
  try {
    for (const experiment of chosen) resolveParameters(experiment, params);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new ServiceError('SERVICE_ERR_USAGE', error.message, { cause: error });
  }
}

function listLines({ id, lesson, question, params }: Experiment, language: Language): string {
  const lines = Object.entries(params).map(
    ([name, { default: value, min, max, unit, help }]) => `      --param ${name}=${value}  ${help[language]} (${unit}, ${min} to ${max})\n`,
  );
  return `${String(lesson).padEnd(4)}${id}\n    ${question[language]}\n${lines.join('')}`;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function unexpected({ experiments: runs }: LabReport): LabError {
  const wrong = runs.filter(({ outcome }) => outcome !== 'expected');
  const reasons = wrong.map(({ id, answer, expected, error }) => `${id}: ${error ?? `the answer is ${answer}, expected ${expected}`}`);
  return new LabError('LAB_ERR_UNEXPECTED', `${wrong.length} of ${runs.length} experiments did not go as expected: ${reasons.join('; ')}`);
}
