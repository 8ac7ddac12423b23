import { MASKS, parseIgnored, parseMask, parsePace, parsePlan, parseServerPace, parseShard } from '@socklab/probe';
import { parseRate, parseSeed } from '@socklab/service';
import { framingFlag } from '../../framing-flag.ts';
import { checked, flag, listed, parseBytes, parsed, parseMany, parseSpan } from './flags.ts';
import { reportOptions } from './report-options.ts';
import type { ReportFlags } from './report-options.ts';
import type { Mask, ProbeOptions, Shard } from '@socklab/probe';
import type { Option } from '@socklab/service';

/** The flags of every command that runs a campaign. */
export interface CampaignFlags extends ReportFlags {
  readonly framing?: string;
  readonly plan: readonly string[];
  readonly pace: string;
  readonly peerPid?: number;
  readonly mask: readonly string[];
  readonly ignore?: readonly string[];
  readonly seed: number;
  readonly concurrency: number;
  readonly hang?: number;
  readonly silence: number;
  readonly controlTimeout: number;
  readonly trialTimeout: number;
  readonly maxRate: number;
  readonly maxTime?: number;
  readonly maxAnswer: number;
  readonly maxShrink: number;
  readonly shard: Shard;
  readonly resume?: string;
}

/** The mask name for no masks at all. */
const NO_MASKS = 'none';
/** The mask name for everything that differs between unsplit runs. */
export const AUTO_MASK = 'auto';
const DEFAULT_MASKS_TEXT: readonly string[] = ['http-date'];
const MIB = 1_048_576;

/** The differences between the commands. */
export interface CampaignDefaults {
  readonly concurrency: number;
  /** What the bytes of `--max-answer` are. */
  readonly answers: string;
  readonly hangText: string;
  /** Whether it starts a server, whose reads a library can see. */
  readonly isServer: boolean;
}

/** The options of {@link CampaignFlags}, in the order of help and README. */
export function campaignOptions({ concurrency, answers, hangText, isServer }: CampaignDefaults): readonly Option[] {
  return [...planOptions(isServer), ...waitOptions(concurrency, hangText), ...capOptions(answers), ...partOptions(), ...reportOptions()];
}

function planOptions(isServer: boolean): readonly Option[] {
  const maskHelp = `what may differ between right answers: a regular expression, or ${[...MASKS.map(({ name }) => name), AUTO_MASK, NO_MASKS].join(', ')}; may be repeated`;
  return [
    framingFlag('the framing of the bytes that are cut, for plans that cut at frames'),
    listed(
      flag<string>('--plan <plan>', 'what to cut and glue, plans joined with +: see `sticky-lab plans`; may be repeated', {
        default: ['thorough'],
        defaultText: 'thorough',
      }),
      parsePlan,
    ),
    flag('--pace <pace>', `when the next piece is sent: drain, gap:5ms, none or auto${isServer ? '; with --run also preload' : ''}`, {
      default: 'auto',
      parse: checked(isServer ? parseServerPace : parsePace),
    }),
    flag<number>('--peer-pid <pid>', 'a process in the network namespace of the other side, for example of a container', {
      parse: parseMany,
    }),
    listed(flag<string>('--mask <mask>', maskHelp, { default: [...DEFAULT_MASKS_TEXT], defaultText: 'http-date' }), (text) =>
      text === NO_MASKS || text === AUTO_MASK ? undefined : parseMask(text),
    ),
    listed(
      flag<string>(
        '--ignore <expression>',
        'what a server may send by itself at any time: a regular expression of whole lines or frames; may be repeated',
      ),
      parseIgnored,
    ),
    flag<number>('--seed <number>', 'seed of random plans and shards', { default: 1, parse: parseSeed }),
  ];
}

function waitOptions(concurrency: number, hangText: string): readonly Option[] {
  return [
    flag<number>('--concurrency <count>', 'trials at once, at most 1024', { default: concurrency, parse: parseMany }),
    flag<number>('--hang <duration>', `how long an answer may take in a trial; without it ${hangText}`, { parse: parseSpan }),
    flag<number>('--silence <duration>', 'silence after which an answer of unknown length counts as complete', {
      default: 200,
      defaultText: '200ms',
      parse: parseSpan,
    }),
    flag<number>('--control-timeout <duration>', 'how long an answer may take in the control', {
      default: 5000,
      defaultText: '5s',
      parse: parseSpan,
    }),
    flag<number>('--trial-timeout <duration>', 'how long one trial may take in all', {
      default: 60_000,
      defaultText: '1m',
      parse: parseSpan,
    }),
  ];
}

function capOptions(answers: string): readonly Option[] {
  return [
    flag<number>('--max-rate <rate>', 'most trials started per time, such as 200/s', {
      default: Number.POSITIVE_INFINITY,
      defaultText: 'off',
      parse: parseRate,
    }),
    flag<number>('--max-time <duration>', 'start no trial after this time; a result with missing trials does not pass', {
      parse: parseSpan,
    }),
    flag<number>('--max-answer <size>', `most bytes of ${answers} that one trial keeps`, {
      default: 16 * MIB,
      defaultText: '16MiB',
      parse: parseBytes,
    }),
    flag<number>('--max-shrink <count>', 'most trials to find the smallest cuts of one failure', { default: 200, parse: parseMany }),
  ];
}

function partOptions(): readonly Option[] {
  return [
    flag<Shard>('--shard <i/n>', 'run one of n parts of the campaign, counted from 0', {
      default: { index: 0, of: 1 },
      defaultText: '0/1',
      parse: parsed(parseShard),
    }),
    resumeOption(),
  ];
}

/** Where verdicts are kept. */
export function resumeOption(): Option {
  return flag('--resume <file>', 'keep each verdict in this file, and continue from it if it exists');
}

/** The engine's options from these flags. */
export type CampaignSettings = Omit<ProbeOptions, 'target' | 'exchange'>;

/** The options of the engine that these flags stand for. */
export function campaignSettings(flags: CampaignFlags): CampaignSettings {
  const { hang: hangMs, peerPid, maxTime: maxTimeMs, maxRate } = flags;
  return {
    plans: flags.plan.join('+'),
    pace: flags.pace,
    masks: [...masksOf(flags.mask), ...(flags.ignore ?? []).map(parseIgnored)],
    autoMask: flags.mask.includes(AUTO_MASK),
    seed: flags.seed,
    concurrency: flags.concurrency,
    quietMs: flags.silence,
    controlTimeoutMs: flags.controlTimeout,
    trialTimeoutMs: flags.trialTimeout,
    maxAnswerBytes: flags.maxAnswer,
    maxShrinkRuns: flags.maxShrink,
    shard: flags.shard,
    ...(hangMs === undefined ? {} : { hangMs }),
    ...(peerPid === undefined ? {} : { peerPid }),
    ...(maxTimeMs === undefined ? {} : { maxTimeMs }),
    ...(Number.isFinite(maxRate) ? { maxTrialsPerSecond: maxRate } : {}),
  };
}

/** The default masks and the given ones, or only the given ones when `none` is among them. */
export function masksOf(texts: readonly string[]): readonly Mask[] {
  const given = texts.filter((text) => text !== NO_MASKS && text !== AUTO_MASK);
  const all = texts.includes(NO_MASKS) ? given : [...DEFAULT_MASKS_TEXT, ...given];
  return [...new Set(all)].map(parseMask);
}

/** The flags that a replay of one trial needs, as words of a command line. */
export function campaignWords(flags: CampaignFlags): readonly string[] {
  const { framing, pace, mask, ignore = [], peerPid, hang, silence, controlTimeout, trialTimeout } = flags;
  const isDefaultMask = mask.join(' ') === DEFAULT_MASKS_TEXT.join(' ');
  return [
    ...(framing === undefined ? [] : ['--framing', framing]),
    ...(pace === 'auto' ? [] : ['--pace', pace]),
    ...(isDefaultMask ? [] : mask.flatMap((text) => ['--mask', text])),
    ...ignore.flatMap((text) => ['--ignore', text]),
    ...(peerPid === undefined ? [] : ['--peer-pid', String(peerPid)]),
    ...(hang === undefined ? [] : ['--hang', `${hang}ms`]),
    ...(silence === 200 ? [] : ['--silence', `${silence}ms`]),
    ...(controlTimeout === 5000 ? [] : ['--control-timeout', `${controlTimeout}ms`]),
    ...(trialTimeout === 60_000 ? [] : ['--trial-timeout', `${trialTimeout}ms`]),
  ];
}
