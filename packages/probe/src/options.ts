import { parseServerPace } from './delivery/pace.ts';
import { ProbeError } from './errors.ts';
import { optional } from './optional.ts';
import { parsePlan } from './plans/parse.ts';
import { parseTarget } from './transports/target.ts';
import { DEFAULT_MASKS } from './trial/masks.ts';
import type { Pace, PreloadPace } from './delivery/pace.ts';
import type { Plan } from './plans/base/plan.ts';
import type { Shard } from './plans/base/sequence.ts';
import type { Target } from './transports/target.ts';
import type { Mask } from './trial/masks.ts';
import type { Exchange, Trial, Verdict, VerdictKind } from './types.ts';

/** Progress of a campaign. */
export interface ProbeProgress {
  /** `control`: the unsplit exchange; `trials`: the plans; `shrink`: the search for the smallest failures. */
  readonly phase: 'control' | 'trials' | 'shrink';
  /** Trials of this shard with a verdict, including those of a journal. */
  readonly done: number;
  /** Trials of this shard; 0 during the control. */
  readonly total: number;
  readonly totals: Readonly<Record<VerdictKind, number>>;
  readonly elapsedMs: number;
  /** Trials per second so far; undefined while unknown. */
  readonly perSecond?: number | undefined;
  /** Estimated time of the remaining trials, in milliseconds; undefined while unknown. */
  readonly leftMs: number | undefined;
}

/** Options of `probe`. */
export interface ProbeOptions {
  /** `host:port`, `tls://host:port`, `unix:/path`, or the same as an object. @defaultValue a free port of 127.0.0.1, when `run` is given */
  readonly target?: string | Target;
  /**
   * The server, started for this campaign: a command line, split into words without a shell, or the words. `{port}` and `{host}` are
   * replaced by the address to listen on. It is restarted when it dies, and ended with all its children.
   */
  readonly run?: string | readonly string[];
  /**
   * Another server, whose unsplit answers are the right ones: for rewrites, and for proxies in front of an origin.
   * @defaultValue the unsplit answers of the target itself
   */
  readonly against?: string | Target;
  /** What to send and what to wait for: see `createExchange` and `requestExchange`. */
  readonly exchange: Exchange;
  /**
   * `wire`: what is cut is not the exchange but the bytes of TLS that carry it, the ClientHello among them. Needs a target with TLS.
   * @defaultValue 'exchange'
   */
  readonly cut?: 'exchange' | 'wire';
  /** Such as `every-cut+glue:2`, or parsed. @defaultValue 'thorough' */
  readonly plans?: string | readonly Plan[];
  /** `preload` needs `run`. @defaultValue 'auto' */
  readonly pace?: string | Pace | PreloadPace;
  /** Concurrent connections, 1 to 1024. Fewer if the target cannot serve that many, or their answers exceed 256 MiB. @defaultValue 64 */
  readonly concurrency?: number;
  /** Seed, a whole number; the same seed gives the same plans. @defaultValue 1 */
  readonly seed?: number;
  /** What may differ between two right answers. @defaultValue HTTP dates */
  readonly masks?: readonly Mask[];
  /** Also masks what differs between unsplit runs, if masks can cover it; the report lists these masks. @defaultValue false */
  readonly autoMask?: boolean;
  /** Longest wait for an answer in a trial, in milliseconds. @defaultValue 20 times the slowest control, at least 1000 */
  readonly hangMs?: number;
  /** Longest wait for an answer in a control, in milliseconds. @defaultValue 5000 */
  readonly controlTimeoutMs?: number;
  /** Silence after which an answer of unknown length counts as complete, in milliseconds. @defaultValue 200 */
  readonly quietMs?: number;
  /** Longest time of one trial, in milliseconds. @defaultValue 60_000 */
  readonly trialTimeoutMs?: number;
  /** Longest time until a connection is ready, in milliseconds. @defaultValue 5000 */
  readonly connectTimeoutMs?: number;
  /** Most bytes of answers that one trial keeps. @defaultValue 16_777_216 */
  readonly maxAnswerBytes?: number;
  /** Most trials started per second. @defaultValue unlimited */
  readonly maxTrialsPerSecond?: number;
  /**
   * After this time no more trials start; a report with missing trials never passes. Plans then take turns, with consecutive trials
   * far apart, so that what was done is a fair sample. @defaultValue unlimited
   */
  readonly maxTimeMs?: number;
  /** Most trials for the shrinking of one failure. @defaultValue 200 */
  readonly maxShrinkRuns?: number;
  /** Declares that a target which is neither loopback nor private may be probed. @defaultValue false */
  readonly iOwnTheTarget?: boolean;
  /** A process in the target's network namespace, when that is not ours. */
  readonly peerPid?: number;
  /** The part of the campaign to run. @defaultValue all of it */
  readonly shard?: Shard;
  /** A file for the verdicts; if it exists, its trials are not repeated. */
  readonly journal?: string;
  /** The command of this campaign without its plan, for replay commands in the report. */
  readonly replay?: readonly string[];
  /** Called at most ten times per second, and at each new phase. */
  readonly onProgress?: (progress: ProbeProgress) => void;
  /** Called once with the verdict of each trial of the shard: first with those of a journal, then in any order. */
  readonly onVerdict?: (trial: Trial, verdict: Verdict) => void;
  readonly signal?: AbortSignal;
}

/** The options with all defaults. */
export interface ProbeSettings extends Omit<ProbeOptions, 'target' | 'against' | 'plans' | 'pace' | 'shard'> {
  readonly target: Target;
  readonly against?: Target;
  readonly plans: readonly Plan[];
  readonly pace: Pace;
  readonly concurrency: number;
  readonly seed: number;
  readonly masks: readonly Mask[];
  readonly controlTimeoutMs: number;
  readonly quietMs: number;
  readonly trialTimeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly maxShrinkRuns: number;
  readonly shard: Shard;
}

/** The default plan. */
export const DEFAULT_PLANS = 'thorough';

/** Most concurrent connections. */
export const MAX_CONCURRENCY = 1024;
const LONGEST_MS = 2_147_483_647;

/**
 * Applies the defaults and checks the numbers.
 *
 * @throws ProbeError `PROBE_ERR_DELIVERY` for a number out of its range, and what `parseTarget`, `parsePlan` and `parsePace` throw.
 */
export function settingsOf(options: ProbeOptions): ProbeSettings {
  const { target, against, plans = DEFAULT_PLANS, pace = 'auto', ...rest } = options;
  if (target === undefined) throw new ProbeError('PROBE_ERR_TARGET', 'there is no target: give its address, or the command that runs it');
  const settings: ProbeSettings = {
    concurrency: 64,
    seed: 1,
    masks: DEFAULT_MASKS,
    controlTimeoutMs: 5_000,
    quietMs: 200,
    trialTimeoutMs: 60_000,
    maxAnswerBytes: 16_777_216,
    maxShrinkRuns: 200,
    shard: { index: 0, of: 1 },
    ...rest,
    target: typeof target === 'string' ? parseTarget(target) : target,
    ...optional('against', typeof against === 'string' ? parseTarget(against) : against),
    plans: typeof plans === 'string' ? parsePlan(plans) : plans,
    pace: kernelPace(pace),
  };
  inRange('concurrency', settings.concurrency, 1, MAX_CONCURRENCY);
  inRange('maxAnswerBytes', settings.maxAnswerBytes, 1, Number.MAX_SAFE_INTEGER);
  inRange('maxShrinkRuns', settings.maxShrinkRuns, 1, 100_000);
  for (const name of ['hangMs', 'controlTimeoutMs', 'quietMs', 'trialTimeoutMs', 'connectTimeoutMs', 'maxTimeMs'] as const) {
    inRange(name, settings[name], 1, LONGEST_MS);
  }
  inRange('maxTrialsPerSecond', settings.maxTrialsPerSecond, 0.001, 1_000_000);
  return settings;
}

/** Whoever starts the server has put another pace in the place of `preload`. */
function kernelPace(given: string | Pace | PreloadPace): Pace {
  const pace = typeof given === 'string' ? parseServerPace(given) : given;
  if (pace.kind !== 'preload') return pace;
  throw new ProbeError(
    'PROBE_ERR_DELIVERY',
    'the pace preload sees what a server reads that the campaign starts: give the command that runs it, or take the pace drain',
  );
}

function inRange(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (value >= min && value <= max)) return;
  throw new ProbeError('PROBE_ERR_DELIVERY', `${name} is ${value}; allowed: ${min} to ${max}`);
}
