import { createHmac, timingSafeEqual } from 'node:crypto';
import { COOKIE_BYTES } from '@socklab/client/room';
import type { Peer } from '../peers.ts';

/** Shortest key of a {@link CookieJar}, in bytes. */
export const MIN_COOKIE_KEY_BYTES = 16;

/** Length of an epoch. A cookie is valid for the rest of its epoch and for the next one. */
export const COOKIE_EPOCH_MS = 60_000;

/**
 * Proves that a peer receives what is sent to its address, without storing state: only who received the cookie can
 * return it. Sources: RFC 9000, 8.1 (address validation), RFC 7873 (DNS cookies).
 */
export interface CookieJar {
  /** The cookie of a peer at a time: HMAC-SHA256 over address, port and epoch, its first 16 bytes. */
  bake(peer: Pick<Peer, 'address' | 'port'>, nowMs: number): Uint8Array;
  /** Whether it is the cookie of this peer, of this epoch or the previous one. Constant time. */
  check(cookie: Uint8Array, peer: Pick<Peer, 'address' | 'port'>, nowMs: number): boolean;
}

/**
 * Makes a {@link CookieJar}.
 *
 * @param key - Replicas with the same key accept each other's cookies, if their clocks agree: `nowMs` is the time of day.
 * @throws RangeError when the key is shorter than 16 bytes.
 */
export function createCookieJar(key: Uint8Array): CookieJar {
  if (key.length < MIN_COOKIE_KEY_BYTES) throw new RangeError(`a key of ${key.length} bytes; allowed: ${MIN_COOKIE_KEY_BYTES} or more`);
  const bakeFor = ({ address, port }: Pick<Peer, 'address' | 'port'>, epoch: number): Buffer =>
    createHmac('sha256', key).update(`${address} ${port} ${epoch}`).digest().subarray(0, COOKIE_BYTES);
  return {
    bake: (peer, nowMs) => bakeFor(peer, epochOf(nowMs)),
    check(cookie, peer, nowMs) {
      if (cookie.length !== COOKIE_BYTES) return false;
      const epoch = epochOf(nowMs);
      // Both are always compared, so that the time does not tell which one matched.
      const [isCurrent, isPrevious] = [epoch, epoch - 1].map((each) => timingSafeEqual(cookie, bakeFor(peer, each)));
      return isCurrent === true || isPrevious === true;
    },
  };
}

function epochOf(nowMs: number): number {
  return Math.floor(nowMs / COOKIE_EPOCH_MS);
}
