import { parseLoadRate, sizesBetween } from '@socklab/client';
import { countBetween, option, parsePositiveSize, parseTimeout, parseSeed } from '@socklab/service';
import { framingOption } from '../options.ts';
import { APP } from '../version.ts';
import { MAX_CONNECTIONS, MAX_DEPTH } from './load/options.ts';
import type { SizeRange } from '@socklab/client';
import type { Option, OptionExtra } from '@socklab/service';

/** The options of `tcp-echo call`, as commander passes them. */
export interface CallFlags {
  readonly message?: string;
  readonly file?: string;
  readonly connections: number;
  readonly messages?: number;
  readonly duration?: number;
  readonly size: SizeRange;
  readonly depth: number;
  /** 0: off. */
  readonly rate: number;
  readonly framing: string;
  readonly maxFrame: number;
  readonly timeout: number;
  readonly tls: boolean;
  readonly tlsCa?: string;
  readonly insecure: boolean;
  readonly servername?: string;
  readonly seed: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Options that turn a call into a load, by their attribute. */
export const LOAD_FLAGS: readonly (keyof CallFlags)[] = ['connections', 'messages', 'duration', 'size', 'depth', 'rate'];

/** Options that only apply to a load. */
export const LOAD_ONLY_FLAGS: readonly (keyof CallFlags)[] = ['seed', 'json'];

/** Default duration of a load, in milliseconds. */
export const DEFAULT_DURATION_MS = 10_000;

const flag = <Value = string>(flags: string, help: string, extra?: OptionExtra<Value>): Option => option(APP, flags, help, extra);

/** Makes every option of `tcp-echo call`, in the order of the help text. */
export function callOptions(): readonly Option[] {
  return [
    flag('--message <text>', 'send this one message and print its answer'),
    flag('--file <path>', 'send this file as one message and print its answer'),
    flag('-c, --connections <n>', `load: connections, up to ${MAX_CONNECTIONS}`, { default: 1, parse: countBetween(1, MAX_CONNECTIONS) }),
    flag('-n, --messages <n>', 'load: total number of messages', { parse: countBetween(1, Number.MAX_SAFE_INTEGER) }),
    flag('--duration <duration>', 'load: how long, when it has no --messages (default: 10s)', { parse: parseTimeout }),
    flag<SizeRange>('--size <size>', 'load: bytes of a payload, or a range: 16..1KiB', {
      default: { min: 64, max: 64 },
      defaultText: '64',
      parse: sizesBetween(1),
    }),
    flag('--depth <n>', `load: messages in flight on a connection, up to ${MAX_DEPTH}`, { default: 1, parse: countBetween(1, MAX_DEPTH) }),
    flag('--rate <rate>', 'load: messages per second in total, 1000/s, due whether answered or not; off: as answers arrive', {
      default: 0,
      defaultText: 'off',
      parse: parseLoadRate,
    }),
    flag('--seed <n>', 'load: seed of the payloads', { default: 1, parse: parseSeed }),
    framingOption(),
    flag('--max-frame <size>', 'longest payload of a frame', { default: 65_536, defaultText: '64KiB', parse: parsePositiveSize }),
    flag('--timeout <duration>', 'how long connecting may take, and each answer', {
      default: 5000,
      defaultText: '5s',
      parse: parseTimeout,
    }),
    flag('--tls', 'speak TLS', { default: false }),
    flag('--tls-ca <file>', 'trust these certificate authorities (PEM) instead of the default ones; implies --tls'),
    flag('--insecure', 'accept any certificate; implies --tls', { default: false }),
    flag('--servername <name>', 'the server name to request and verify, instead of HOST; implies --tls'),
    flag('--json', 'load: the report as one JSON object', { default: false }),
    flag('--quiet', 'print nothing but errors, and the JSON when asked for', { default: false }),
  ];
}
