import { digestOf } from './payload-digest.ts';
import type { Peer } from './peers.ts';

/** Finds the datagrams that two services throw at each other for ever. */
export interface LoopBreaker {
  /** Whether this datagram is one turn too many of the same exchange. Called once for each datagram, in order of arrival. */
  isLoop(payload: Uint8Array, peer: Peer, nowMs: number): boolean;
}

/** Options of {@link createLoopBreaker}. */
export interface LoopBreakerOptions {
  /** How often the same payload may come from one peer without a pause; 0 switches the breaker off. */
  readonly maxRepeats: number;
}

/**
 * Longest pause within a loop. An answer that loops comes back after one round trip; a person, or a health check, who
 * says the same again takes longer, and starts a new count.
 */
const MAX_PAUSE_MS = 500;
/** How long a found loop is not answered. */
const MUTE_MS = 60_000;
/** Exchanges watched at a time: a power of two. A new one takes the place of another with the same low bits. */
const SLOTS = 4096;
/** Payloads kept for comparison. At the longest payload these are 8 MiB. */
const MAX_SUSPECTS = 128;

/**
 * Counts per peer and payload how often it came without a pause of half a second; beyond `maxRepeats` it is a loop, and not
 * answered for a minute. Which peer and payload is told by a digest; before anything is muted, its payloads were compared
 * byte by byte. Memory is fixed, whatever comes.
 */
export function createLoopBreaker({ maxRepeats }: LoopBreakerOptions): LoopBreaker {
  return maxRepeats === 0 ? { isLoop: () => false } : new SlottedLoopBreaker(maxRepeats);
}

class SlottedLoopBreaker implements LoopBreaker {
  readonly #maxRepeats: number;
  /** From this count on payloads are compared, so that different ones with one digest are no loop. */
  readonly #suspectAt: number;
  readonly #digests = new Int32Array(SLOTS);
  readonly #counts = new Uint32Array(SLOTS);
  readonly #lastMs = new Float64Array(SLOTS);
  readonly #mutedUntilMs = new Float64Array(SLOTS);
  readonly #suspects = new Map<number, Uint8Array>();

  constructor(maxRepeats: number) {
    this.#maxRepeats = maxRepeats;
    this.#suspectAt = Math.ceil(maxRepeats / 2);
  }

  isLoop(payload: Uint8Array, peer: Peer, nowMs: number): boolean {
    const digest = digestOf(payload, peer);
    const slot = digest & (SLOTS - 1);
    const isSame = this.#digests[slot] === digest && nowMs - this.#lastMs[slot]! <= MAX_PAUSE_MS;
    const isMuted = this.#digests[slot] === digest && nowMs < this.#mutedUntilMs[slot]!;
    this.#lastMs[slot] = nowMs;
    if (!isSame && !isMuted) {
      this.#restart(slot, digest);
      return false;
    }
    const count = this.#counts[slot]! + 1;
    this.#counts[slot] = count;
    if (count < this.#suspectAt) return false;
    if (!this.#isSamePayload(slot, payload)) {
      this.#restart(slot, digest);
      return false;
    }
    if (count === this.#maxRepeats + 1) this.#mutedUntilMs[slot] = nowMs + MUTE_MS;
    return this.#isMutedAfter(slot, digest, count, nowMs);
  }

  #isMutedAfter(slot: number, digest: number, count: number, nowMs: number): boolean {
    if (count <= this.#maxRepeats) return false;
    if (nowMs < this.#mutedUntilMs[slot]!) return true;
    this.#restart(slot, digest);
    return false;
  }

  #restart(slot: number, digest: number): void {
    this.#digests[slot] = digest;
    this.#counts[slot] = 1;
    this.#mutedUntilMs[slot] = 0;
    if (this.#suspects.size > 0) this.#suspects.delete(slot);
  }

  #isSamePayload(slot: number, payload: Uint8Array): boolean {
    const kept = this.#suspects.get(slot);
    if (kept !== undefined) return Buffer.compare(kept, payload) === 0;
    if (this.#suspects.size >= MAX_SUSPECTS) this.#forgetOldest();
    this.#suspects.set(slot, payload);
    return true;
  }

  #forgetOldest(): void {
    for (const slot of this.#suspects.keys()) {
      this.#suspects.delete(slot);
      return;
    }
  }
}
