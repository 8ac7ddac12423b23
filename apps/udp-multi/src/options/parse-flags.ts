import { isIPv4 } from 'node:net';
import { InvalidArgumentError, parseCount, parseSize } from '@socklab/service';
import { MIN_COOKIE_KEY_BYTES } from '../room/cookie.ts';

/** Reads the size of a datagram, at most `most` bytes. @throws InvalidArgumentError for anything else. */
export function sizeUpTo(most: number): (text: string) => number {
  return (text) => {
    const size = parseSize(text);
    if (size <= most) return size;
    throw new InvalidArgumentError(`${size} bytes do not fit in a datagram: give at most ${most}.`);
  };
}

/** Reads the size of a buffer, at least `least` bytes. @throws InvalidArgumentError for anything else. */
export function sizeFrom(least: number): (text: string) => number {
  return (text) => {
    const size = parseSize(text);
    if (size >= least && size < 2 ** 31) return size;
    throw new InvalidArgumentError(`a buffer cannot have ${size} bytes: give ${least} to ${2 ** 31 - 1}.`);
  };
}

/** Reads a whole number in a range, ends included. @throws InvalidArgumentError for anything else. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = parseCount(text);
    if (count >= least && count <= most) return count;
    throw new InvalidArgumentError(`${count} is out of range: give ${least} to ${most}.`);
  };
}

/** Reads an IPv4 address. @throws InvalidArgumentError for anything else. */
export function parseBroadcast(text: string): string {
  if (isIPv4(text)) return text;
  throw new InvalidArgumentError(
    `${JSON.stringify(text)} is not an IPv4 address: give the broadcast address of a network, as 192.0.2.255.`,
  );
}

/** Reads the key of the cookies, in hexadecimal digits. @throws InvalidArgumentError for anything else. */
export function parseKey(text: string): Uint8Array {
  const digits = 2 * MIN_COOKIE_KEY_BYTES;
  // The key is a secret: an error must not quote it.
  if (!/^(?:[\da-f]{2})*$/i.test(text) || text.length < digits) {
    throw new InvalidArgumentError(`It is not ${digits} or more hexadecimal digits: openssl rand -hex 32 makes one.`);
  }
  return Buffer.from(text, 'hex');
}

/** Reads the name of a room, which becomes part of a subject on the bus. @throws InvalidArgumentError for anything else. */
export function parseRoom(text: string): string {
  if (/^[\w-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('A room has 1 to 64 letters, digits, - or _.');
}

/** Reads the broker's URL. @throws InvalidArgumentError for anything else. */
export function parseBus(text: string): 'off' | URL {
  if (text === 'off') return 'off';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'nats:' && url.hostname !== '' && ['', '/'].includes(url.pathname)) return url;
  throw new InvalidArgumentError('Give nats://HOST:PORT, or off.');
}
