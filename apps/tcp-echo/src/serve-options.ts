import {
  addressOptions,
  operatorOption,
  parseCidr,
  parseDuration,
  parseEndpoint,
  parseLimit,
  parsePositiveSize,
  parseRate,
  parseSize,
  portBusyOptions,
  serviceOptions,
  workersOption,
} from '@socklab/service';
import { flag, framingOptions, quitOption } from './options.ts';
import { tlsOptions } from './preamble/tls-options.ts';
import { sessionNames } from './sessions/index.ts';
import { APP } from './version.ts';
import type { FramingFlags } from './options.ts';
import type { TlsFlags } from './preamble/tls-options.ts';
import type { Mode } from './sessions/index.ts';
import type { AddressFlags, Cidr, Endpoint, Option, PortBusyFlags, ServiceFlags, WorkersFlags } from '@socklab/service';

/** The values of {@link serveOptions}: sizes in bytes, durations in milliseconds. */
export interface ServeFlags extends FramingFlags, ServiceFlags, PortBusyFlags, AddressFlags, WorkersFlags, TlsFlags {
  readonly listen?: readonly Endpoint[];
  readonly session: string;
  readonly mode?: Mode;
  readonly greeting: string;
  readonly tag: string;
  readonly goodbye: string;
  readonly chargenBytes: number;
  readonly quit: string;
  readonly operator?: Endpoint;
  readonly once: boolean;
  readonly maxConnections: number;
  readonly maxPerIp: number;
  /** Per second; `Infinity` is no limit. */
  readonly acceptRate: number;
  readonly idleTimeout?: number;
  readonly frameTimeout: number;
  readonly maxPending: number;
  readonly maxBuffered?: number;
  readonly slowTimeout: number;
  readonly queueMax: number;
  readonly queueTimeout: number;
  readonly queueBuffer: number;
  readonly queueNotice: string;
  readonly reusePort: boolean;
  readonly proxyProtocol?: readonly Cidr[];
}

/** Where tcp-echo listens by default. */
export const DEFAULT_LISTEN: Endpoint = parseEndpoint('tcp://127.0.0.1:9000', 'tcp');

/** The options of the service, in the order of the README. */
export function serveOptions(): readonly Option[] {
  return [
    ...sessionOptions(),
    ...limitOptions(),
    ...queueOptions(),
    ...tlsOptions(APP),
    flag<Cidr>('--proxy-protocol <cidr>', 'proxies that send the address of their client in a PROXY header; may be repeated', {
      parse: parseCidr,
      repeatable: true,
    }),
    flag('--reuse-port', 'share the port with other processes that also set this', { default: false }),
    ...portBusyOptions(APP),
    workersOption(APP),
    ...serviceOptions(APP),
  ];
}

function sessionOptions(): readonly Option[] {
  return [
    flag<Endpoint>(
      '--listen <endpoint>',
      'where to listen: tcp://HOST:PORT, unix:/path, unix:@name, fd:N or systemd; may be repeated (default: the sockets of systemd, else tcp://127.0.0.1:9000)',
      {
        parse: (text) => parseEndpoint(text, 'tcp'),
        repeatable: true,
      },
    ),
    flag('--session <name>', 'what to do with a connection', { default: 'echo', choices: sessionNames }),
    flag('--mode <mode>', 'serve all at once, or one after the other (default: queue for operator, else concurrent)', {
      choices: ['concurrent', 'queue'],
    }),
    flag('--greeting <text>', 'what the session greet sends first', { default: 'hello' }),
    flag('--tag <text>', 'what echo sends first on each connection, such as {pod}, the replica that answers; empty: nothing', {
      default: '',
    }),
    flag('--goodbye <text>', 'what clients are told when the service stops; empty: nothing', { default: '' }),
    flag<number>('--chargen-bytes <size>', 'how much the session chargen sends to one client; 0: nothing', {
      default: 1_048_576,
      defaultText: '1MiB',
      parse: parseSize,
    }),
    quitOption(),
    operatorOption(APP),
    ...framingOptions(),
    flag('--once', 'accept one connection, serve it, and exit', { default: false }),
  ];
}

const duration = (flags: string, help: string, defaultText?: string) =>
  flag<number>(flags, help, {
    parse: parseDuration,
    ...(defaultText === undefined ? {} : { default: parseDuration(defaultText), defaultText }),
  });

const limit = (flags: string, help: string, value: number) => flag<number>(flags, help, { default: value, parse: parseLimit });

function limitOptions(): readonly Option[] {
  return [
    limit('--max-connections <n>', 'open connections; one more is reset; 0: any number', 1024),
    limit('--max-per-ip <n>', 'open connections of one IPv4 address or one IPv6 network (--ipv6-prefix); 0: any number', 256),
    flag<number>('--accept-rate <rate>', 'average rate of accepted connections; those above it are reset', {
      default: 1000,
      defaultText: '1000/s',
      parse: parseRate,
    }),
    duration('--idle-timeout <duration>', 'how long a client may be silent; 0s: for ever (default: 60s, 0s for operator)'),
    duration('--frame-timeout <duration>', 'how long a message may stay incomplete; 0s: for ever', '30s'),
    flag<number>('--max-pending <size>', 'unsent answers from which on a client is not read', {
      default: 1_048_576,
      defaultText: '1MiB',
      parse: parsePositiveSize,
    }),
    flag<number>('--max-buffered <size>', 'what may wait for all clients together; 0: any number (default: a quarter of the memory)', {
      parse: parseSize,
    }),
    duration('--slow-timeout <duration>', 'how long a client may leave its answers unread before it is reset; 0s: for ever', '10s'),
    ...addressOptions(APP),
  ];
}

function queueOptions(): readonly Option[] {
  return [
    limit('--queue-max <n>', 'clients that may wait in the queue; one more is reset; 0: any number', 64),
    duration('--queue-timeout <duration>', 'how long a client waits in the queue; 0s: for ever', '0s'),
    flag<number>('--queue-buffer <size>', 'what is read from a client that waits in the queue; 0: nothing', {
      default: 65_536,
      defaultText: '64KiB',
      parse: parseSize,
    }),
    flag('--queue-notice <text>', 'what a waiting client is told of its position, with {pos}; empty: nothing', { default: '' }),
  ];
}
