import { framingNames } from '@socklab/framing';
import { readFraming } from '@socklab/framing/node';
import {
  addressOptions,
  defaultListen,
  operatorOption,
  option,
  parseEndpoint,
  parseJitter,
  parsePercent,
  parseRate,
  parseSeed,
  parseTimeout,
  portBusyOptions,
  serviceOptions,
  workersOption,
} from '@socklab/service';
import { FIRST_CLIENT_PORT } from '../gate/admit.ts';
import { TRUST } from '../gate/trust.ts';
import { maxPayloadBytes } from '../limits.ts';
import { SESSIONS } from '../sessions/index.ts';
import { parseGroup } from '../socket/group.ts';
import { APP } from '../version.ts';
import { numberBetween, parseBroadcast, parseBus, parseKey, parseRoom, sizeFrom, sizeUpTo } from './parse-flags.ts';
import { TOPOLOGIES } from './topology.ts';
import type { Trust } from '../gate/trust.ts';
import type { SessionName } from '../sessions/index.ts';
import type { Group } from '../socket/group.ts';
import type { Topology } from './topology.ts';
import type {
  AddressFlags,
  Endpoint,
  Environment,
  Jitter,
  Option,
  OptionExtra,
  PortBusyFlags,
  ServiceFlags,
  WorkersFlags,
} from '@socklab/service';

/** The process that a program runs in: `process` is one. */
export interface ProcessContext {
  readonly env: Environment;
  readonly pid: number;
}

/** The values of {@link serveOptions}. */
export interface ServeFlags extends ServiceFlags, AddressFlags, PortBusyFlags, WorkersFlags {
  readonly listen: readonly Endpoint[];
  readonly eachInterface: boolean;
  readonly session: SessionName;
  readonly topology: Topology;
  readonly framing: string;
  readonly reply: string;
  readonly once: boolean;
  readonly quit: string;
  readonly operator?: Endpoint;
  readonly maxDatagram: number;
  readonly truncateAt?: number;
  readonly recvBuffer?: number;
  readonly multicast: readonly Group[];
  readonly multicastTtl: number;
  readonly multicastLoopback: 'on' | 'off';
  readonly broadcast: readonly string[];
  readonly trust: Trust;
  readonly minSourcePort: number;
  readonly rateIp: number;
  readonly ratePrefix: number;
  readonly rateTotal: number;
  readonly loopMax: number;
  readonly peersMax: number;
  readonly peerTtl: number;
  readonly membersPerIp: number;
  readonly rateMember: number;
  readonly cookieKey?: Uint8Array;
  readonly room: string;
  readonly bus: 'off' | URL;
  readonly loss: number;
  readonly dup: number;
  readonly reorder: number;
  readonly delay: Jitter;
  readonly seed: number;
  readonly reusePort: boolean;
}

const DEFAULT_LISTEN = 'udp://127.0.0.1:9000';

/** A flag of this program. */
export function flag<Value = string>(flags: string, help: string, extra?: OptionExtra<Value>): Option {
  return option(APP, flags, help, extra);
}

/** `--quit`, of the service and of the client. */
export const quitOption = (): Option =>
  flag('--quit <word>', 'word that ends a conversation from either side; empty: none', { default: 'q' });

const FRAMING_HELP =
  'several messages in one datagram, each in a frame; none: the datagram is the message; ' +
  `else ${framingNames.join(', ')}; a short form such as line:crlf or delimited:\\0; a layout file, my.json`;

/** The options of the service, in the order of the README. */
export function serveOptions({ env, pid }: ProcessContext): readonly Option[] {
  return [
    flag<Endpoint>('--listen <endpoint>', 'where to listen: udp://HOST:PORT, udp://[::1]:PORT, fd:N or systemd; may be repeated', {
      default: [...defaultListen(env, pid, [parseEndpoint(DEFAULT_LISTEN, 'udp')])],
      defaultText: DEFAULT_LISTEN,
      parse: (text) => parseEndpoint(text, 'udp'),
      repeatable: true,
    }),
    flag<boolean>('--each-interface', 'one socket for each address of the machine instead of a wildcard address', { default: false }),
    flag('--session <name>', 'what to do with a datagram', { default: 'echo', choices: Object.keys(SESSIONS) }),
    flag('--topology <name>', 'who receives what', { default: 'one-to-one', choices: TOPOLOGIES }),
    flag('--framing <name>', FRAMING_HELP, {
      default: 'none',
      parse: (text) => (text === 'none' ? text : readFraming(text).text),
    }),
    flag('--reply <text>', 'what the session greet answers', { default: 'byebye' }),
    flag<boolean>('--once', 'answer one datagram, and exit', { default: false }),
    quitOption(),
    operatorOption(APP),
    ...datagramOptions(),
    ...groupOptions(),
    ...safetyOptions(),
    ...roomOptions(),
    ...impairmentOptions(),
    flag<boolean>('--reuse-port', 'share the port with other processes that also set this', { default: false }),
    workersOption(APP),
    ...portBusyOptions(APP),
    ...serviceOptions(APP),
  ];
}

function datagramOptions(): readonly Option[] {
  const most = maxPayloadBytes('IPv6');
  return [
    flag<number>('--max-datagram <size>', 'drop longer datagrams; 0: all but empty ones', { default: most, parse: sizeUpTo(most) }),
    flag<number>(
      '--truncate-at <size>',
      'take only this many bytes of each datagram, as recvfrom with a short buffer does; 0: none of them',
      {
        parse: sizeUpTo(most),
      },
    ),
    flag<number>('--recv-buffer <size>', 'receive buffer to request from the system; the actual size is logged', { parse: sizeFrom(1) }),
  ];
}

function groupOptions(): readonly Option[] {
  return [
    flag<Group>('--multicast <group>', 'group to join and to announce to: ADDRESS or ADDRESS%INTERFACE; may be repeated', {
      default: [],
      defaultText: '',
      parse: parseGroup,
      repeatable: true,
    }),
    flag<number>('--multicast-ttl <hops>', 'hop limit of announcements to groups; 0: they stay on this machine', {
      default: 1,
      parse: numberBetween(0, 255),
    }),
    flag('--multicast-loopback <on|off>', 'whether this machine receives its own announcements', { default: 'on', choices: ['on', 'off'] }),
    flag('--broadcast <address>', 'IPv4 address to announce to, such as 192.0.2.255; may be repeated', {
      default: [],
      defaultText: '',
      parse: parseBroadcast,
      repeatable: true,
    }),
  ];
}

function safetyOptions(): readonly Option[] {
  return [
    flag('--trust <whom>', 'whose address counts as proven', { default: 'loopback', choices: TRUST }),
    flag<number>('--min-source-port <port>', 'never answer lower source ports', {
      default: FIRST_CLIENT_PORT,
      parse: numberBetween(1, 65_535),
    }),
    ...addressOptions(APP),
    rateOption('--rate-ip <rate>', 'datagrams taken from one unproven address', '500/s'),
    rateOption('--rate-prefix <rate>', 'from one IPv4 /24, or IPv6 network of --ipv6-prefix', '5000/s'),
    rateOption('--rate-total <rate>', 'from all unproven addresses', '50000/s'),
    flag<number>(
      '--loop-max <count>',
      'equal datagrams of a peer in a row before a moment of silence; of an unproven peer twice as many of any kind; 0: off',
      {
        default: 32,
        parse: numberBetween(0, 1_000_000),
      },
    ),
  ];
}

function roomOptions(): readonly Option[] {
  return [
    flag<number>('--peers-max <count>', 'peers remembered at a time', { default: 4096, parse: numberBetween(1, 1_000_000) }),
    flag<number>('--peer-ttl <duration>', 'how long a silent peer is remembered', {
      default: 120_000,
      defaultText: '120s',
      parse: parseTimeout,
    }),
    flag<number>(
      '--members-per-ip <count>',
      'members of the room of one unproven address, four times as many of its network; 0: any number',
      {
        default: 64,
        parse: numberBetween(0, 1_000_000),
      },
    ),
    rateOption(
      '--rate-member <rate>',
      'copies of what one unproven address says in the room, messages times members, in units of 512 bytes; of its network four times as many',
      '2000/s',
    ),
    flag<Uint8Array>('--cookie-key <hex>', 'key of the cookies, for replicas that share it; default: a new one each start', {
      parse: parseKey,
    }),
    flag('--room <name>', 'the room on the bus', { default: 'lobby', parse: parseRoom }),
    flag<'off' | URL>('--bus <url>', 'nats://HOST:PORT: joins the rooms of all replicas; off: this process alone', {
      default: 'off',
      parse: parseBus,
    }),
  ];
}

function impairmentOptions(): readonly Option[] {
  const share = (flags: string, help: string): Option => flag<number>(flags, help, { default: 0, defaultText: '0%', parse: parsePercent });
  return [
    share('--loss <percent>', 'percentage of answers to lose; 0%: none'),
    share('--dup <percent>', 'percentage to send twice, to proven addresses; 0%: none'),
    share('--reorder <percent>', 'percentage that later ones overtake; 0%: none'),
    flag<Jitter>('--delay <duration>', 'delay of answers: 20ms, 20ms±5ms; 0: none', {
      default: { delayMs: 0, jitterMs: 0 },
      defaultText: '0',
      parse: parseJitter,
    }),
    flag<number>('--seed <number>', 'the same seed impairs the same answers', { default: 1, parse: parseSeed }),
  ];
}

function rateOption(flags: string, help: string, defaultText: string): Option {
  return flag<number>(flags, `${help}, such as ${defaultText}, or off`, { default: parseRate(defaultText), defaultText, parse: parseRate });
}
