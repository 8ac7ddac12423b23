import { parsePace, ProbeError } from '@socklab/probe';
import { DIRECTIONS, parseStreamPlan, PASS, PLAN_USAGES, parseByteRate, parseTrigger } from '@socklab/proxy';
import {
  InvalidArgumentError,
  option,
  parseEndpoint,
  parseHostPort,
  parseJitter,
  parseLimit,
  parseSize,
  parseTimeout,
  serviceOptions,
  parseSeed,
} from '@socklab/service';
import { APP } from '../../version.ts';
import { framingFlag } from '../framing-flag.ts';
import { runProxy } from './run.ts';
import type { ProxyFlags, TargetFlag } from './flags.ts';
import type { Pace } from '@socklab/probe';
import type { StreamPlan, Trigger } from '@socklab/proxy';
import type { Command, Endpoint, Jitter, Option, OptionExtra } from '@socklab/service';

const MAX_TRIGGERS = 64;
/** The file does not change while it grows, and a line of it is at most 140 KB. */
const LEAST_CAPTURE_BYTES = 1_048_576;

const flag = <Value = string>(flags: string, help: string, extra?: OptionExtra<Value>): Option => option(APP, flags, help, extra);

/** Adds the command `proxy`. */
export function addProxyCommand(program: Command): void {
  const command = program
    .command('proxy')
    .description('relay live TCP traffic, cut differently, byte for byte the same')
    .action((flags: ProxyFlags) => runProxy(flags));
  for (const each of [...whereOptions(), ...shapeOptions(), ...faultOptions(), ...limitOptions(), ...serviceOptions(APP)])
    command.addOption(each);
}

function whereOptions(): readonly Option[] {
  return [
    flag<Endpoint>('--listen <endpoint>', 'where clients connect; may be repeated: each is a proxy with settings of its own', {
      default: [parseEndpoint('tcp://127.0.0.1:9100', 'tcp')],
      defaultText: 'tcp://127.0.0.1:9100',
      parse: (text) => parseEndpoint(text, 'tcp'),
      repeatable: true,
    }),
    flag<TargetFlag>('--target <address>', 'the server to connect to: HOST:PORT or unix:/path', {
      parse: (text) => ({ text, where: parseHostPort(text) }),
    }).makeOptionMandatory(),
  ];
}

function shapeOptions(): readonly Option[] {
  return [
    flag<StreamPlan>('--plan <plan>', `how bytes are cut and glued, joined with +: ${PLAN_USAGES.join(', ')}`, {
      default: PASS,
      defaultText: 'pass',
      parse: parseStreamPlan,
    }),
    flag('--direction <direction>', 'the direction of plan, pace, latency and rate', { default: 'both', choices: DIRECTIONS }),
    flag<number>('--seed <number>', 'the same seed cuts the same connection at the same places', { default: 1, parse: parseSeed }),
    flag<Pace>('--pace <pace>', 'when the next piece is sent: none, gap:5ms, drain (the peer has read the last one) or auto', {
      default: { kind: 'none' },
      defaultText: 'none',
      parse: readPace,
    }),
    framingFlag('the framing of the bytes, for plans and triggers that need it'),
  ];
}

function faultOptions(): readonly Option[] {
  const on = flag<Trigger>('--on <trigger>', "what to do on an event: 'frame:3 do stall:2s'; may be repeated", {
    default: [],
    defaultText: 'nothing',
  });
  // Not split at commas, which expressions contain.
  on.argParser((text: string, previous: readonly Trigger[]) => addTrigger(text, previous));
  return [
    on,
    flag<Jitter>('--latency <delay>', 'delay of bytes: 20ms or 20ms±5ms; 0: none', {
      default: { delayMs: 0, jitterMs: 0 },
      defaultText: '0ms',
      parse: parseJitter,
    }),
    flag<number>('--rate <rate>', 'bytes per second: 1MiB/s, or off', {
      default: Number.POSITIVE_INFINITY,
      defaultText: 'off',
      parse: parseByteRate,
    }),
  ];
}

function limitOptions(): readonly Option[] {
  return [
    flag('--capture <file>', 'record reads and writes in this file, as JSON lines'),
    flag('--pcapng <file>', 'record them in a file that Wireshark opens: the client with the proxy, and the proxy with the target'),
    flag<number>('--capture-max <size>', 'the largest size of each of those files', {
      default: 67_108_864,
      defaultText: '64MiB',
      parse: readCaptureMax,
    }),
    flag<number>('--max-connections <count>', 'concurrent connections; one more is reset; 0: any number', {
      default: 256,
      parse: parseLimit,
    }),
    flag<number>('--connect-timeout <duration>', 'how long the target may take to answer', {
      default: 5000,
      defaultText: '5s',
      parse: parseTimeout,
    }),
    flag('--i-own-the-target', 'declare that a target beyond loopback and private addresses may be used', { default: false }),
  ];
}

function addTrigger(text: string, previous: readonly Trigger[]): readonly Trigger[] {
  const triggers = [...previous, parseTrigger(text)];
  if (triggers.length <= MAX_TRIGGERS) return triggers;
  throw new InvalidArgumentError(`more than ${MAX_TRIGGERS} triggers.`);
}

function readPace(text: string): Pace {
  try {
    return parsePace(text);
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    throw new InvalidArgumentError(`${error.message}.`);
  }
}

function readCaptureMax(text: string): number {
  const bytes = parseSize(text);
  if (bytes >= LEAST_CAPTURE_BYTES) return bytes;
  throw new InvalidArgumentError(`${JSON.stringify(text)} is too little for a capture: give 1MiB or more.`);
}
