import { checkDescriptors, checkRange, checkRate, refuseLoad } from '@socklab/client';
import { maxPayloadBytes, tooLong } from '../../limits.ts';
import { MIN_PROBE_BYTES } from './ack-format.ts';
import { SEQUENCE_BYTES } from './echo-format.ts';
import type { Peer } from '../../peers.ts';
import type { LoadProgress } from './progress.ts';
import type { SizeRange, Target } from '@socklab/client';

/** The sessions of a server that a load can check. */
export type LoadSession = 'echo' | 'ack';

/** Every {@link LoadSession}. */
export const LOAD_SESSIONS: readonly LoadSession[] = ['echo', 'ack'];

/** Options of a load. */
export interface LoadOptions {
  readonly target: Target;
  /** The session of the server. @defaultValue 'echo' */
  readonly session?: LoadSession;
  /** Sockets, each a separate peer for the server, 1 to 10,000. @defaultValue 1 */
  readonly sockets?: number;
  /** Total number of datagrams, over all sockets. Either this or `durationMs`. */
  readonly datagrams?: number | undefined;
  /** How long datagrams are sent, in milliseconds; datagrams in flight at the end are still awaited. Either this or `datagrams`. */
  readonly durationMs?: number | undefined;
  /** Sizes of whole datagrams, in bytes. @defaultValue 64 */
  readonly sizes?: SizeRange;
  /** Closed loop: datagrams in flight on one socket, 1 to 65,536; the next is sent when one is answered or lost. @defaultValue 1 */
  readonly depth?: number | undefined;
  /** Open loop, instead of `depth`: datagrams per second, over all sockets, whatever is answered. */
  readonly ratePerSecond?: number | undefined;
  /** Timeout of an answer after which its datagram counts as lost, in milliseconds. @defaultValue 1_000 */
  readonly timeoutMs?: number;
  /** Seed of sizes and contents: the same seed gives the same datagrams. @defaultValue 1 */
  readonly seed?: number;
  /** Stops the load early: nothing more is sent, datagrams in flight are awaited, and the report is made. */
  readonly signal?: AbortSignal;
  /** Called with the progress, at most five times a second. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** {@link LoadOptions} with all defaults. */
export interface LoadPlan extends Required<Omit<LoadOptions, 'signal' | 'onProgress' | 'depth'>> {
  /** Closed loop; `undefined` in an open one. */
  readonly depth: number | undefined;
  /** Datagrams that a socket may await at a time: the depth, or as many as a rate can need. */
  readonly window: number;
}

/** Most sockets of one load. */
export const MAX_SOCKETS = 10_000;

/** Most datagrams in flight on one socket. */
export const MAX_DEPTH = 65_536;

/** Most datagrams in flight on all sockets: for each its send time is kept. */
const MAX_IN_FLIGHT = 1_048_576;

/**
 * Applies the defaults and refuses what cannot be done.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE`: what was given and what is allowed.
 */
export function planLoad(options: LoadOptions): LoadPlan {
  const { session = 'echo', sockets = 1, sizes = { min: 64, max: 64 }, timeoutMs = 1000, seed = 1 } = options;
  const { target, datagrams, durationMs, ratePerSecond } = options;
  if ((datagrams === undefined) === (durationMs === undefined))
    throw refuseLoad('a load needs an end: give either datagrams or a duration');
  if (options.depth !== undefined && ratePerSecond !== undefined)
    throw refuseLoad('give a depth (closed loop) or a rate (open loop), not both');
  const depth = ratePerSecond === undefined ? (options.depth ?? 1) : undefined;
  checkRange('sockets', sockets, 1, MAX_SOCKETS);
  if (depth !== undefined) checkRange('depth', depth, 1, MAX_DEPTH);
  checkRange('seed', seed, 0, 0xffff_ffff);
  checkRange('timeout in milliseconds', timeoutMs, 1, 2 ** 31 - 1);
  checkRange('size', sizes.min, 0, maxPayloadBytes('IPv6'));
  checkRange('size', sizes.max, sizes.min, maxPayloadBytes('IPv6'));
  if (datagrams !== undefined) checkRange('datagrams', datagrams, 1, Number.MAX_SAFE_INTEGER);
  if (durationMs !== undefined) checkRange('duration in milliseconds', durationMs, 1, 2 ** 31 - 1);
  if (ratePerSecond !== undefined) checkRate('datagrams', ratePerSecond);
  checkNumbering(session, sizes, depth);
  checkDescriptors('sockets', sockets);
  const window = depth ?? openWindow(ratePerSecond!, timeoutMs, sockets);
  if (sockets * window > MAX_IN_FLIGHT) {
    throw refuseLoad(`${sockets} sockets times depth ${window} is ${sockets * window} datagrams in flight; allowed: ${MAX_IN_FLIGHT}`);
  }
  return { target, session, sockets, datagrams, durationMs, sizes, depth, ratePerSecond, timeoutMs, seed, window };
}

/**
 * Refuses datagrams that are too long for the address family of the server.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE`.
 */
export function checkFits({ sizes: { max } }: LoadPlan, { family }: Pick<Peer, 'family'>): void {
  if (max > maxPayloadBytes(family)) throw refuseLoad(tooLong('a payload', max, family));
}

/** A short datagram carries only the last bytes of its number: then only few may be in flight, or they could not be told apart. */
function checkNumbering(session: LoadSession, { min }: SizeRange, depth: number | undefined): void {
  if (session === 'ack') {
    if (min < MIN_PROBE_BYTES) throw refuseLoad(`size ${min}: a probe of the session ack has at least ${MIN_PROBE_BYTES} bytes`);
    return;
  }
  if (min >= SEQUENCE_BYTES) return;
  if (depth === undefined)
    throw refuseLoad(`size ${min} with a rate: its datagrams carry a number of ${SEQUENCE_BYTES} bytes, so that is the minimum`);
  const most = Math.max(1, 256 ** min / 2);
  if (depth > most)
    throw refuseLoad(`depth ${depth}: datagrams of ${min} bytes carry so little of their number that at most ${most} can be told apart`);
}

/** Twice what is in flight when nothing is answered: an open loop must never wait for room. */
function openWindow(ratePerSecond: number, timeoutMs: number, sockets: number): number {
  const needed = 16 + Math.ceil((2 * ratePerSecond * timeoutMs) / 1000 / sockets);
  return Math.min(needed, MAX_DEPTH, Math.floor(MAX_IN_FLIGHT / sockets));
}
