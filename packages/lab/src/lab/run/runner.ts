import { codeOf } from '@socklab/service';
import { LabError } from '../base/errors.ts';
import { resolveParameters } from '../base/parameters.ts';
import { reasonFor } from '../experiment.ts';
import { createLab } from '../lab.ts';
import type { Text } from '../../text.ts';
import type { Parameters } from '../base/parameters.ts';
import type { Answer, Experiment, Row } from '../experiment.ts';
import type { PacketFile } from '../packets/packet-file.ts';
import type { Recorded } from '../record/trace.ts';

/** Default time limit of a run, in milliseconds. Experiments take a small part of it. */
export const DEFAULT_TIME_LIMIT_MS = 30_000;

/** Environment of a run. */
export interface Machine {
  /** Version of Node.js, for example `v26.10.0`. */
  readonly node: string;
  /** System and processor, for example `linux x64`. */
  readonly platform: string;
}

/** Options of {@link runExperiment}. */
export interface RunOptions {
  readonly machine: Machine;
  /** Values that differ from the defaults. */
  readonly params?: Readonly<Record<string, number>>;
  /** @defaultValue 30_000 */
  readonly timeLimitMs?: number;
  /** Ends the run early. */
  readonly signal?: AbortSignal | undefined;
  /** Takes the packets of the run. */
  readonly packets?: Pick<PacketFile, 'run'> | undefined;
}

/** Outcome of a run: as expected, not as expected, or failed. */
export type RunOutcome = 'expected' | 'unexpected' | 'failed';

/** Result of one run of one experiment. Plain JSON. */
export interface RunReport extends Recorded {
  readonly id: string;
  readonly lesson: number;
  readonly title: Text;
  readonly question: Text;
  /** Explanation of the expected answer, in two sentences. */
  readonly why: Text;
  readonly params: Parameters;
  readonly outcome: RunOutcome;
  /** `null` when the run failed. */
  readonly answer: Answer | null;
  readonly expected: Answer;
  /** The measured facts; their shape depends on the experiment. `null` if the run failed. */
  readonly facts: unknown;
  /** The facts as lines of a table. */
  readonly rows: readonly Row[];
  /** Whether the run met each challenge of the experiment, in order. */
  readonly met: readonly boolean[];
  /** Why the run failed. */
  readonly error: string | null;
  readonly durationMs: number;
  readonly machine: Machine;
}

/**
 * Runs an experiment once. Failures are in the report; everything it opened is closed.
 *
 * @throws LabError `LAB_ERR_PARAMETER` before anything is opened.
 */
export async function runExperiment(experiment: Experiment, options: RunOptions): Promise<RunReport> {
  const { machine } = options;
  const params = resolveParameters(experiment, options.params ?? {});
  const startedAt = performance.now();
  const { result, recorded } = await measure(experiment, params, options);
  const { id, lesson, title, question } = experiment;
  const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
  const expected = experiment.expected(params);
  const judgement = judged(experiment, expected, result);
  const why = reasonFor(experiment, expected);
  return { id, lesson, title, question, why, params, expected, ...judgement, ...recorded, durationMs, machine };
}

type Result = { readonly facts: unknown } | { readonly error: unknown };

interface Measured {
  readonly result: Result;
  readonly recorded: Recorded;
}

async function measure(experiment: Experiment, params: Parameters, options: RunOptions): Promise<Measured> {
  const { timeLimitMs = DEFAULT_TIME_LIMIT_MS, signal } = options;
  const limit = createLimit(timeLimitMs, signal);
  const packets = options.packets?.run();
  const lab = createLab(limit.signal, { packets });
  try {
    // A run that ignores the signal is abandoned; its sockets are closed.
    const facts = await Promise.race([experiment.run(lab, params), limit.reached]);
    return { result: { facts }, recorded: lab.recorded() };
  } catch (error) {
    // Closing its resources makes a run fail in many ways; the time limit is the reason to report.
    return { result: { error: limit.signal.aborted ? limit.signal.reason : error }, recorded: lab.recorded() };
  } finally {
    limit.clear();
    await lab.close();
    packets?.end();
  }
}

interface Limit {
  readonly signal: AbortSignal;
  /** Rejects when the signal aborts. */
  readonly reached: Promise<never>;
  clear(): void;
}

function createLimit(timeLimitMs: number, outer: AbortSignal | undefined): Limit {
  const controller = new AbortController();
  const tooLong = new LabError('LAB_ERR_TIME_LIMIT', `the run did not end within ${timeLimitMs} ms`);
  const timer = setTimeout(() => controller.abort(tooLong), timeLimitMs);
  const calledOff = (): void => controller.abort(new LabError('LAB_ERR_ABORTED', 'the run was called off'));
  const reached = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error));
  });
  // The rejection may come when nobody awaits it any more.
  reached.catch(() => undefined);
  outer?.addEventListener('abort', calledOff);
  if (outer?.aborted === true) calledOff();
  return {
    signal: controller.signal,
    reached,
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', calledOff);
    },
  };
}

type Judged = Pick<RunReport, 'outcome' | 'answer' | 'facts' | 'rows' | 'met' | 'error'>;

function judged(experiment: Experiment, expected: Answer, result: Result): Judged {
  if ('error' in result) return { outcome: 'failed', answer: null, facts: null, rows: [], met: [], error: describe(result.error) };
  const answer = experiment.verdict(result.facts);
  const outcome = answer === expected ? 'expected' : 'unexpected';
  const { facts } = result;
  const met = (experiment.challenges ?? []).map((challenge) => challenge.isMet(facts));
  return { outcome, answer, facts, rows: experiment.rows(facts), met, error: null };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  return code === undefined ? error.message : `${error.message} (${code})`;
}
