import { admit } from './admit.ts';
import { createLoopBreaker } from './loop-breaker.ts';
import { createRates } from './rates.ts';
import { isTrusted } from './trust.ts';
import type { Peer } from '../peers.ts';
import type { AdmitRules, SourceDropReason } from './admit.ts';
import type { LoopBreaker } from './loop-breaker.ts';
import type { RateDropReason, RateLimits, Rates } from './rates.ts';
import type { Trust } from './trust.ts';

/** Why a datagram is dropped before any session sees it. */
export type GateDropReason =
  | SourceDropReason
  | RateDropReason
  /** Longer than `--max-datagram`. */
  | 'too-long'
  /** Refused by `--allow` or `--deny`. */
  | 'denied'
  /** The operator blocked its source. */
  | 'blocked'
  /** It was sent to a multicast group, where every member would answer, by an unproven source. */
  | 'group-unproven'
  /** One turn too many of a repeating exchange: two services that answer each other. */
  | 'loop';

/** Decides which datagrams a session gets. */
export interface Gate {
  /**
   * Called once for each datagram, in order of arrival. Pure except for its counts: the time is an argument.
   *
   * @param toGroup - Whether it was sent to a multicast group.
   */
  check(payload: Uint8Array, peer: Peer, nowMs: number, toGroup?: boolean): 'answer' | GateDropReason;
}

/** Options of {@link createGate}. */
export interface GateOptions extends RateLimits {
  readonly rules: AdmitRules;
  readonly trust: Trust;
  /** Longest datagram, in bytes. */
  readonly maxDatagram: number;
  /** Repeats of one exchange; 0: no limit. */
  readonly loopMax: number;
  readonly isAllowed: (address: string) => boolean;
  readonly isBlocked: (peer: Peer) => boolean;
  /** Whether the datagram itself proves its source: then it is not rate-limited as unproven. */
  readonly isVouchedFor?: (payload: Uint8Array, peer: Peer) => boolean;
}

/** Makes a {@link Gate}. Cheap checks first; those that take tokens come last, so that refused datagrams take none. */
export function createGate(options: GateOptions): Gate {
  return new DatagramGate(options);
}

class DatagramGate implements Gate {
  readonly #options: GateOptions;
  readonly #rates: Rates;
  readonly #loops: LoopBreaker;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#rates = createRates(options);
    this.#loops = createLoopBreaker({ maxRepeats: options.loopMax });
  }

  check(payload: Uint8Array, peer: Peer, nowMs: number, toGroup: boolean = false): 'answer' | GateDropReason {
    const { rules, trust, maxDatagram, isAllowed, isBlocked, isVouchedFor } = this.#options;
    const verdict = admit(peer, rules);
    if (verdict !== 'answer') return verdict;
    if (!isAllowed(peer.address)) return 'denied';
    if (isBlocked(peer)) return 'blocked';
    if (payload.length > maxDatagram) return 'too-long';
    const isProven = isTrusted(trust, peer.address) || isVouchedFor?.(payload, peer) === true;
    if (!isProven) {
      if (toGroup) return 'group-unproven';
      const overRate = this.#rates.refuse(peer.address, nowMs);
      if (overRate !== undefined) return overRate;
    }
    return this.#loops.isLoop(payload, peer, nowMs, isProven) ? 'loop' : 'answer';
  }
}
