import { parseLoadRate } from '@socklab/client';
import { countBetween, option, parsePercent, parseTimeout, parseSeed } from '@socklab/service';
import { APP } from '../version.ts';
import { LOAD_SESSIONS, MAX_DEPTH, MAX_SOCKETS } from './load/options.ts';
import { parseDatagramSizes } from './values.ts';
import type { LoadSession } from './load/options.ts';
import type { SizeRange } from '@socklab/client';
import type { Option, OptionExtra } from '@socklab/service';

/** The options of `udp-multi call`, as commander passes them. */
export interface CallFlags {
  readonly message?: string;
  readonly sockets: number;
  readonly datagrams?: number;
  readonly duration?: number;
  readonly size: SizeRange;
  readonly depth: number;
  /** 0: off. */
  readonly rate: number;
  readonly session: LoadSession;
  readonly maxLoss: number;
  readonly seed: number;
  readonly timeout: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Options that turn a call into a load, by their attribute. */
export const LOAD_FLAGS: readonly (keyof CallFlags)[] = ['sockets', 'datagrams', 'duration', 'size', 'depth', 'rate'];

/** Options that only apply to a load, by their attribute, and their flags. */
export const LOAD_ONLY_FLAGS: Readonly<Partial<Record<keyof CallFlags, string>>> = {
  session: '--session',
  maxLoss: '--max-loss',
  seed: '--seed',
  json: '--json',
};

/** Default duration of a load, in milliseconds. */
export const DEFAULT_DURATION_MS = 10_000;

/** Notes on loads for the help text. */
export const CALL_NOTES = `
A datagram is lost when its answer does not come within --timeout: sent = answered + lost. Loss is what UDP does, and no
failure up to --max-loss. Exit code 0: at least one was answered, every answer was right, all that was due was sent, and no
more was lost than allowed; 1: anything else; 2: wrong usage.

A server's limits drop a load, and drops look like loss. For a udp-multi that does not trust this address, start it with
--rate-ip off --rate-prefix off --rate-total off --loop-max 0. Datagrams of less than 4 bytes repeat: for them --loop-max 0 on this machine too.`;

const flag = <Value = string>(flags: string, help: string, extra?: OptionExtra<Value>): Option => option(APP, flags, help, extra);

/** Makes every option of `udp-multi call`, in the order of the help text. */
export function callOptions(): readonly Option[] {
  return [
    flag('--message <text>', 'send this one datagram and print its answer'),
    flag('-c, --sockets <n>', `load: sockets, up to ${MAX_SOCKETS}`, { default: 1, parse: countBetween(1, MAX_SOCKETS) }),
    flag('-n, --datagrams <n>', 'load: total number of datagrams', { parse: countBetween(1, Number.MAX_SAFE_INTEGER) }),
    flag('--duration <duration>', 'load: how long, when it has no --datagrams (default: 10s)', { parse: parseTimeout }),
    flag<SizeRange>('--size <size>', 'load: bytes of a datagram, at most 65507, or a range: 16..1400; 0: an empty one', {
      default: { min: 64, max: 64 },
      defaultText: '64',
      parse: parseDatagramSizes,
    }),
    flag('--depth <n>', `load: datagrams in flight on a socket, up to ${MAX_DEPTH}; the next goes when one is answered or lost`, {
      default: 1,
      parse: countBetween(1, MAX_DEPTH),
    }),
    flag('--rate <rate>', 'load: datagrams per second in total, 1000/s, instead of --depth: due whether answered or not', {
      default: 0,
      defaultText: 'off',
      parse: parseLoadRate,
    }),
    flag<LoadSession>('--session <name>', 'load: what the server does with a datagram', { default: 'echo', choices: LOAD_SESSIONS }),
    flag('--max-loss <percent>', 'load: fail when more is lost; 0%: when anything is', {
      default: 1,
      defaultText: '100%',
      parse: parsePercent,
    }),
    flag('--seed <n>', 'load: seed of the datagrams', { default: 1, parse: parseSeed }),
    flag('--timeout <duration>', 'how long each answer may take', { default: 1000, defaultText: '1s', parse: parseTimeout }),
    flag('--json', 'load: the report as one JSON object', { default: false }),
    flag('--quiet', 'print nothing but errors, and the JSON when asked for', { default: false }),
  ];
}
