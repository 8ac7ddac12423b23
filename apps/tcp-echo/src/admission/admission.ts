import { prefixOf } from '@socklab/service';
import type { TokenBucket } from '@socklab/service';

/** Why a connection was refused. */
export type RefuseReason = 'max-connections' | 'max-per-ip' | 'accept-rate' | 'denied' | 'queue-full' | 'once' | 'draining';

/** Every {@link RefuseReason}: the labels of `connections_refused_total`. */
export const REFUSE_REASONS: readonly RefuseReason[] = [
  'max-connections',
  'max-per-ip',
  'accept-rate',
  'denied',
  'queue-full',
  'once',
  'draining',
];

/** The state of the service when a client connects. */
export interface Situation {
  readonly nowMs: number;
  readonly open: number;
  readonly waiting: number;
  readonly accepted: number;
  readonly isDraining: boolean;
}

/** Options of {@link createAdmission}; a limit of `Infinity` means none. */
export interface AdmissionRules {
  readonly maxConnections: number;
  readonly maxPerIp: number;
  /** The length of the IPv6 prefixes that count as one address, 1 to 128. */
  readonly ipv6PrefixBits: number;
  readonly acceptRate: TokenBucket;
  readonly isAllowed: (address: string) => boolean;
  /** Clients that may wait in the queue. */
  readonly queueMax: number;
  /** Serve one connection only. */
  readonly once: boolean;
}

/** The place of one connection among those of its address. */
export interface Permit {
  /** Gives the place back; further calls do nothing. */
  leave(): void;
}

/** Decides who is served. */
export interface Admission {
  /** Checks what needs no address. Takes from the accept rate. */
  enter(situation: Situation): RefuseReason | undefined;
  /** Checks the address of the peer, and counts it until its permit leaves. The peer of a unix socket has none (`''`). */
  admit(address: string): Permit | RefuseReason;
}

/** Makes the rules of one service. No clock, no socket inside. */
export function createAdmission(rules: AdmissionRules): Admission {
  const perIp = new Map<string, number>();
  return {
    enter: (situation) => refusal(rules, situation),
    admit(address) {
      if (!rules.isAllowed(address)) return 'denied';
      if (address === '') return UNCOUNTED;
      // An IPv4-mapped address is the IPv4 one, whether it comes from a [::] socket or a proxy's header.
      const key = prefixOf(address, 32, rules.ipv6PrefixBits);
      const open = perIp.get(key) ?? 0;
      if (open >= rules.maxPerIp) return 'max-per-ip';
      perIp.set(key, open + 1);
      return new AddressPermit(perIp, key);
    },
  };
}

const UNCOUNTED: Permit = { leave: () => undefined };

// A class, not a closure: every open connection keeps one.
class AddressPermit implements Permit {
  readonly #perIp: Map<string, number>;
  readonly #key: string;
  #hasLeft = false;

  constructor(perIp: Map<string, number>, key: string) {
    this.#perIp = perIp;
    this.#key = key;
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    const open = this.#perIp.get(this.#key) ?? 0;
    if (open > 1) this.#perIp.set(this.#key, open - 1);
    else this.#perIp.delete(this.#key);
  }
}

function refusal(
  { once, maxConnections, queueMax, acceptRate }: AdmissionRules,
  { nowMs, open, waiting, accepted, isDraining }: Situation,
): RefuseReason | undefined {
  if (isDraining) return 'draining';
  if (once && accepted > 0) return 'once';
  if (open >= maxConnections) return 'max-connections';
  if (waiting >= queueMax) return 'queue-full';
  // Last: a connection that is refused anyway must not use up the rate of others.
  return acceptRate.take(nowMs) ? undefined : 'accept-rate';
}
