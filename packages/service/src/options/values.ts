import { isIPv6 } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { readPort } from '../base/port.ts';

/** A delay that varies: from `delayMs - jitterMs` to `delayMs + jitterMs`. */
export interface Jitter {
  readonly delayMs: number;
  /** At most `delayMs`: nothing arrives before it was sent. */
  readonly jitterMs: number;
}

/** Where a client connects; can be passed to `net.connect`. */
export type ConnectTarget = { readonly host: string; readonly port: number } | { readonly path: string };

// Node.js fires a timer of more than 2^31 - 1 ms at once, the opposite of what was asked for.
const MAX_DURATION_MS = 2 ** 31 - 1;

const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const RATE_UNITS_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/**
 * Reads a duration: a number and its unit, `500ms`, `1.5s`, `5m`, `1h`, or `0`.
 * @returns Whole milliseconds, at most 2_147_483_647 (24.8 days).
 * @throws InvalidArgumentError for anything else.
 */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const milliseconds = amount(match, DURATION_UNITS);
  if (milliseconds === undefined) {
    throw refuse(text, 'a duration', 'a number with ms, s, m or h: 500ms, 5s, 1m');
  }
  if (milliseconds > MAX_DURATION_MS) {
    throw refuse(text, 'a duration a timer can take', 'at most 2147483647ms, which is 24.8 days');
  }
  return milliseconds;
}

/**
 * Reads a size: a number of bytes, alone or with `B`, `KiB`, `MiB` or `GiB`.
 * @returns Whole bytes.
 * @throws InvalidArgumentError for anything else, `64k` and `1MB` included: they are ambiguous.
 */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(|B|KiB|MiB|GiB)$/.exec(text);
  const bytes = amount(match, SIZE_UNITS);
  if (bytes === undefined) {
    throw refuse(text, 'a size', 'bytes, alone or with B, KiB, MiB, GiB: 512, 64KiB, 1MiB');
  }
  return bytes;
}

/**
 * Reads a whole number, 0 or more, in decimal digits.
 * @throws InvalidArgumentError for anything else.
 */
export function parseCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(count)) throw refuse(text, 'a count', 'a whole number, 0 or more');
  return count;
}

/**
 * Reads a seed of a random generator: a whole number of 32 bits.
 * @throws InvalidArgumentError for anything else.
 */
export function parseSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (seed <= 0xffff_ffff) return seed;
  throw refuse(text, 'a seed', 'a whole number from 0 to 4294967295');
}

/**
 * Reads a limit: a whole number, in decimal digits.
 * @returns `Infinity` for 0, which is no limit.
 * @throws InvalidArgumentError for anything else.
 */
export function parseLimit(text: string): number {
  const count = parseCount(text);
  return count === 0 ? Number.POSITIVE_INFINITY : count;
}

/**
 * Reads a size of something that cannot be empty.
 * @returns Whole bytes, 1 or more.
 * @throws InvalidArgumentError for anything else.
 */
export function parsePositiveSize(text: string): number {
  const bytes = parseSize(text);
  if (bytes > 0) return bytes;
  throw refuse(text, 'a size above 0', 'at least 1 byte');
}

/**
 * Reads a port number, 0 to 65535; 0 asks the system for a free one.
 * @throws InvalidArgumentError for anything else.
 */
export function parsePort(text: string): number {
  const port = readPort(text);
  if (port === undefined) throw refuse(text, 'a port', 'a whole number from 0 to 65535');
  return port;
}

/**
 * Reads where to connect: `127.0.0.1:9000`, `localhost:9000`, `[::1]:9000`, `unix:/path.sock`, `unix:@abstract`;
 * `tcp://` or `udp://` may stand in front, as services write their endpoints.
 * @throws InvalidArgumentError for anything else, port 0 included: nothing can listen there.
 */
export function parseHostPort(text: string): ConnectTarget {
  if (/^unix:@?[^@]/.test(text)) {
    const path = text.slice('unix:'.length);
    return { path: path.startsWith('@') ? `\0${path.slice(1)}` : path };
  }
  const match = /^(?:(?:tcp|udp):\/\/)?(?:\[([^[\]]+)\]|([^\s:[\]/]+)):(\d+)$/.exec(text);
  const [, bracketed, plain, portText = ''] = match ?? [];
  const host = bracketed === undefined || isIPv6(bracketed) ? (bracketed ?? plain) : undefined;
  if (host === undefined) throw refuse(text, 'an address', 'HOST:PORT, [IPv6]:PORT or unix:/path');
  const port = readPort(portText);
  if (port === undefined || port === 0) throw refuse(text, 'an address to connect to', 'a port from 1 to 65535');
  return { host, port };
}

/**
 * Reads a duration of at least 1 ms.
 * @returns Whole milliseconds, 1 or more.
 * @throws InvalidArgumentError for anything else.
 */
export function parseTimeout(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds > 0) return milliseconds;
  throw new InvalidArgumentError(`${JSON.stringify(text)} is too short: give at least 1ms.`);
}

/**
 * Makes the parser of a whole number in a range.
 * @returns A function that throws InvalidArgumentError for anything else.
 */
export function countBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (count >= min && count <= max) return count;
    throw new InvalidArgumentError(`${JSON.stringify(text)} is not a count: give a whole number from ${min} to ${max}.`);
  };
}

/**
 * Reads a share: a number and `%`, from `0%` to `100%`, decimals allowed.
 * @returns From 0 to 1: 0.05 for `5%`.
 * @throws InvalidArgumentError for anything else, a bare `0.05` included: it is ambiguous.
 */
export function parsePercent(text: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]);
  if (!(percent <= 100)) throw refuse(text, 'a share', 'a number with %, from 0% to 100%: 5%, 0.1%');
  return percent / 100;
}

/**
 * Reads a delay that varies: `20ms±5ms`, or with `+-` for `±`; `20ms` does not vary.
 * @returns Whole milliseconds.
 * @throws InvalidArgumentError for anything else, and for a variation longer than the delay.
 */
export function parseJitter(text: string): Jitter {
  const [delay = '', jitter = '0', ...more] = text.split(/±|\+-/);
  if (more.length > 0) throw refuse(text, 'a delay', 'one duration, or one and its variation: 20ms, 20ms±5ms');
  const read = { delayMs: parseDuration(delay), jitterMs: parseDuration(jitter) };
  if (read.jitterMs > read.delayMs) throw refuse(text, 'a delay', 'a variation no longer than the delay: 20ms±20ms');
  return read;
}

/**
 * Reads a rate: a number per second, minute or hour, `200/s`, `10/m`, `0.5/s`; `off` is no limit.
 * @returns Per second; `Infinity` for `off`.
 * @throws InvalidArgumentError for anything else, a rate of 0 included: it would refuse everything.
 */
export function parseRate(text: string): number {
  if (text === 'off') return Number.POSITIVE_INFINITY;
  const [, count, unit = ''] = /^(\d{1,15}(?:\.\d{1,15})?)\/([smh])$/.exec(text) ?? [];
  const perSecond = Number(count) / (RATE_UNITS_S[unit] ?? 1);
  if (!(perSecond > 0)) throw refuse(text, 'a rate', 'more than 0 per s, m or h, or off: 200/s, 10/m');
  return perSecond;
}

function amount(match: RegExpExecArray | null, units: Readonly<Record<string, number>>): number | undefined {
  const unit = units[match?.[2] ?? 'none'];
  if (unit === undefined) return undefined;
  const whole = Number(match?.[1]) * unit;
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/** The error for a command line value: what was seen, what is allowed. */
export function refuse(seen: string, wanted: string, allowed: string): InvalidArgumentError {
  return new InvalidArgumentError(`${JSON.stringify(seen)} is not ${wanted}: give ${allowed}.`);
}
