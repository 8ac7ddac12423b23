import {
  ALLOWABLE_FAILURES,
  DATAGRAM_PLANS,
  MASKS,
  parseDatagramPlans,
  parseMask,
  parseTarget,
  ProbeError,
  splitWords,
} from '@socklab/probe';
import { AUTO_MASK, masksOf, resumeOption } from './campaign-options.ts';
import { datagramInputOptions } from './datagram-input.ts';
import { checked, flag, listed, parseMany, parseSpan } from './flags.ts';
import { reportFileOptions } from './report-options.ts';
import type { DatagramInputFlags } from './datagram-input.ts';
import type { ReportFlags } from './report-options.ts';
import type { AllowableFailure, DatagramProbeOptions } from '@socklab/probe';
import type { Option } from '@socklab/service';

/** The options of `probe-udp`, read. */
export interface DatagramFlags extends DatagramInputFlags, ReportFlags {
  readonly target?: string;
  readonly iOwnTheTarget: boolean;
  readonly run?: string;
  readonly coalesces: boolean;
  readonly plan?: readonly string[];
  readonly allow?: readonly AllowableFailure[];
  readonly mask: readonly string[];
  readonly concurrency: number;
  readonly hang?: number;
  readonly silence: number;
  readonly controlTimeout: number;
  readonly delay: number;
  readonly truncations: number;
  readonly maxTime?: number;
  readonly resume?: string;
}

const NO_MASKS = 'none';
const DEFAULTS = { concurrency: 32, silence: 200, controlTimeout: 5000, delay: 500, truncations: 256 };

/** The options of {@link DatagramFlags}, in the order of help and README. */
export function datagramOptions(): readonly Option[] {
  return [...serverOptions(), ...datagramInputOptions(), ...planOptions(), ...waitOptions(), ...outputOptions()];
}

function serverOptions(): readonly Option[] {
  return [
    flag('--target <address>', 'the server: HOST:PORT', { parse: checked(parseTarget) }),
    flag('--i-own-the-target', 'declare that a target beyond loopback and private addresses may be probed', { default: false }),
    flag(
      '--run <command>',
      'start the server, without a shell, and restart it when it dies or falls silent; {port} and {host} are replaced by the address to listen on',
      { parse: checked(splitWords) },
    ),
  ];
}

function planOptions(): readonly Option[] {
  return [
    flag('--coalesces', 'say that several messages may share a datagram: two of them then arrive as one, too', { default: false }),
    listed(
      flag<string>(
        '--plan <plan>',
        `what happens to datagrams, joined with +: ${DATAGRAM_PLANS.map(({ name, usage = name }) => usage).join(', ')}, or one trial as truncate:0@17; may be repeated`,
        { defaultText: 'all, glue with --coalesces only' },
      ),
      parseDatagramPlans,
    ),
    listed(
      flag<string>(
        '--allow <failure>',
        `what the protocol allows, so that it is no failure: ${ALLOWABLE_FAILURES.join(', ')}; may be repeated`,
      ),
      parseFailure,
    ),
    listed(
      flag<string>(
        '--mask <mask>',
        `what may differ between right answers: a regular expression, or ${[...MASKS.map(({ name }) => name), AUTO_MASK, NO_MASKS].join(', ')}; may be repeated`,
        { default: ['http-date'], defaultText: 'http-date' },
      ),
      (text) => (text === NO_MASKS || text === AUTO_MASK ? undefined : parseMask(text)),
    ),
  ];
}

function parseFailure(text: string): void {
  if (ALLOWABLE_FAILURES.some((failure) => failure === text)) return;
  throw new ProbeError('PROBE_ERR_PLAN', `unknown failure ${JSON.stringify(text)}; allowed: ${ALLOWABLE_FAILURES.join(', ')}`);
}

function waitOptions(): readonly Option[] {
  return [
    flag<number>('--concurrency <count>', 'trials at once, at most 256', { default: DEFAULTS.concurrency, parse: parseMany }),
    flag<number>('--hang <duration>', 'how long an answer that must come may take; without it 20 times the slowest control, at least 1s', {
      parse: parseSpan,
    }),
    flag<number>('--silence <duration>', 'silence after which nothing more is expected', {
      default: DEFAULTS.silence,
      defaultText: '200ms',
      parse: parseSpan,
    }),
    flag<number>('--control-timeout <duration>', 'how long an answer may take in the control', {
      default: DEFAULTS.controlTimeout,
      defaultText: '5s',
      parse: parseSpan,
    }),
    flag<number>('--delay <duration>', 'how late a delayed datagram arrives', {
      default: DEFAULTS.delay,
      defaultText: '500ms',
      parse: parseSpan,
    }),
  ];
}

function outputOptions(): readonly Option[] {
  return [
    flag<number>('--truncations <count>', 'most lengths that one datagram is truncated to', {
      default: DEFAULTS.truncations,
      parse: parseMany,
    }),
    flag<number>('--max-time <duration>', 'start no trial after this time; a result with missing trials does not pass', {
      parse: parseSpan,
    }),
    resumeOption(),
    flag('--json', 'print the report as JSON', { default: false }),
    ...reportFileOptions(),
  ];
}

/** The engine's options from these flags. */
export function datagramSettings(flags: DatagramFlags): Omit<DatagramProbeOptions, 'exchange'> {
  const { target, run, plan, hang: hangMs, maxTime: maxTimeMs, iOwnTheTarget, coalesces } = flags;
  return {
    ...(target === undefined ? {} : { target }),
    ...(run === undefined ? {} : { run }),
    ...(plan === undefined ? {} : { plans: plan.join('+') }),
    allowed: flags.allow ?? [],
    masks: masksOf(flags.mask),
    autoMask: flags.mask.includes(AUTO_MASK),
    coalesces,
    iOwnTheTarget,
    concurrency: flags.concurrency,
    quietMs: flags.silence,
    controlTimeoutMs: flags.controlTimeout,
    delayMs: flags.delay,
    maxTruncations: flags.truncations,
    ...(hangMs === undefined ? {} : { hangMs }),
    ...(maxTimeMs === undefined ? {} : { maxTimeMs }),
  };
}

/** Where the server is, as words of a command line. */
export function serverWords({ target, run, iOwnTheTarget }: DatagramFlags): readonly string[] {
  return [
    ...(run === undefined ? [] : ['--run', run]),
    ...(target === undefined ? [] : ['--target', target]),
    ...(iOwnTheTarget ? ['--i-own-the-target'] : []),
  ];
}

/** The other flags that a replay of one trial needs, as words of a command line. */
export function datagramWords(flags: DatagramFlags): readonly string[] {
  const { coalesces, allow = [], mask, hang, silence, controlTimeout, delay } = flags;
  return [
    ...(coalesces ? ['--coalesces'] : []),
    ...allow.flatMap((failure) => ['--allow', failure]),
    ...(mask.join(' ') === 'http-date' ? [] : mask.flatMap((text) => ['--mask', text])),
    ...(hang === undefined ? [] : ['--hang', `${hang}ms`]),
    ...spanWords('--silence', silence, DEFAULTS.silence),
    ...spanWords('--control-timeout', controlTimeout, DEFAULTS.controlTimeout),
    ...spanWords('--delay', delay, DEFAULTS.delay),
  ];
}

function spanWords(name: string, ms: number, usual: number): readonly string[] {
  return ms === usual ? [] : [name, `${ms}ms`];
}
