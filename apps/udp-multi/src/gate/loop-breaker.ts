import { randomInt } from 'node:crypto';
import type { Peer } from '../peers.ts';

/** Finds the datagrams that two services throw at each other for ever. */
export interface LoopBreaker {
  /**
   * Whether this datagram is left unanswered, so that a loop ends. Called once for each datagram, in order of arrival.
   *
   * @param isProven - Whether its address is believed: then only what repeats itself is a loop, for nobody can have forged the beginning
   * of another one.
   */
  isLoop(payload: Uint8Array, peer: Peer, nowMs: number, isProven?: boolean): boolean;
}

/** Options of {@link createLoopBreaker}. */
export interface LoopBreakerOptions {
  /** How often the same payload may come from one peer without a pause; of an unproven peer twice as many of any kind. 0 switches the breaker off. */
  readonly maxRepeats: number;
}

/**
 * Longest pause within a loop. An answer that loops comes back after one round trip; a person, or a health check, who
 * says the same again takes longer, and starts a new count.
 */
const MAX_PAUSE_MS = 500;

/** Shortest and longest silence that is kept: longer than a round trip, shorter than a client gives up. */
const MIN_SILENCE_MS = 250;
const MAX_SILENCE_MS = 2000;
/** A silence lasts as long as so many turns did. */
const SILENCE_TURNS = 16;

/** Exchanges, and peers, watched at a time: powers of two. A new one takes the place of another with the same low bits. */
const EXCHANGES = 4096;
const PEERS = 16_384;

/** Turns that each datagram of a silence buys after it. */
const TURNS_PER_SILENT = 256;
/** More turns than this between two silences are never let pass. */
const MAX_TURNS = 1 << 20;

/**
 * Keeps silent for a moment, now and then, where an exchange goes on without a pause.
 *
 * Each turn of a loop is caused by the one before it: a moment in which nobody is answered, longer than a round trip, ends it for
 * good, whatever its payloads are, and whoever began it. A client speaks by itself: it loses what it says in that moment,
 * and goes on. What comes in a silence no loop has sent, and each such datagram buys 256 turns until the next one, so that a client
 * that is busy, or in whose name somebody forges, is answered nearly always: of its datagrams less than one in a hundred is lost. A loop
 * that is begun again after a silence is as short as the first: to make it longer, somebody has to send in proportion.
 *
 *     counting --turns > limit--> silent --time over--> counting, limit + 256 × datagrams of the silence
 *        ^------------- a pause of more than 500 ms, limit as at first ----------+
 *
 * Counted are the turns of each payload of a peer; and of a peer that is not proven its turns of any payload, twice as many, for
 * one that answers something new each time. A loop of less than two turns a second is not found: it is slower than a person.
 * Memory is fixed, whatever comes, and the key of the digests is new each start, so that nobody can choose payloads that push each other out.
 */
export function createLoopBreaker({ maxRepeats }: LoopBreakerOptions): LoopBreaker {
  if (maxRepeats === 0) return { isLoop: () => false };
  const digestOf = createDigest();
  const exchanges = new Turns(EXCHANGES, maxRepeats, digestOf.whole);
  const peers = new Turns(PEERS, 2 * maxRepeats, () => 0);
  return {
    isLoop(payload, peer, nowMs, isProven = true) {
      const ofPeer = digestOf.peer(peer);
      const isPeerLoop = !isProven && peers.isOver(ofPeer, payload, nowMs);
      // Counted in any case, so that neither count waits for the other.
      return exchanges.isOver(digestOf.payload(ofPeer, payload), payload, nowMs) || isPeerLoop;
    },
  };
}

/** Counts of turns by digest. */
class Turns {
  readonly #mask: number;
  readonly #limit: number;
  readonly #wholeOf: (payload: Uint8Array) => number;
  /** Of payloads that were sampled only, from half of the limit on. */
  readonly #wholes: Int32Array;
  readonly #digests: Int32Array;
  readonly #counts: Uint32Array;
  readonly #limits: Uint32Array;
  readonly #lastMs: Float64Array;
  /** Mean time between turns of late. */
  readonly #gapMs: Float64Array;
  readonly #silentUntilMs: Float64Array;

  constructor(slots: number, limit: number, wholeOf: (payload: Uint8Array) => number) {
    this.#mask = slots - 1;
    this.#limit = limit;
    this.#wholeOf = wholeOf;
    this.#wholes = new Int32Array(slots);
    this.#digests = new Int32Array(slots);
    this.#counts = new Uint32Array(slots);
    this.#limits = new Uint32Array(slots);
    this.#lastMs = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
    this.#gapMs = new Float64Array(slots);
    this.#silentUntilMs = new Float64Array(slots);
  }

  isOver(digest: number, payload: Uint8Array, nowMs: number): boolean {
    const slot = digest & this.#mask;
    const isKnown = this.#digests[slot] === digest;
    const silentUntilMs = this.#silentUntilMs[slot]!;
    if (isKnown && nowMs < silentUntilMs) {
      this.#limits[slot] = Math.min(MAX_TURNS, this.#limits[slot]! + TURNS_PER_SILENT);
      return true;
    }
    // What a silence made wait is no pause of the peer's own.
    const pauseMs = nowMs - Math.max(this.#lastMs[slot]!, silentUntilMs);
    this.#lastMs[slot] = nowMs;
    if (!isKnown || pauseMs > MAX_PAUSE_MS || !this.#isWhole(slot, payload)) {
      this.#restart(slot, digest);
      return false;
    }
    const count = (this.#counts[slot]! += 1);
    this.#gapMs[slot]! += (pauseMs - this.#gapMs[slot]!) / Math.min(count, SILENCE_TURNS);
    if (count <= this.#limits[slot]!) return false;
    this.#keepSilent(slot, nowMs);
    return true;
  }

  /** Whether it is the payload of the turns before, also where it was not sampled. Asked for only when it begins to matter. */
  #isWhole(slot: number, payload: Uint8Array): boolean {
    const count = this.#counts[slot]! + 1;
    const suspectAt = Math.ceil(this.#limit / 2);
    if (payload.length <= WHOLE_BYTES || count < suspectAt) return true;
    const whole = this.#wholeOf(payload);
    if (count === suspectAt) this.#wholes[slot] = whole;
    return this.#wholes[slot] === whole;
  }

  #restart(slot: number, digest: number): void {
    this.#digests[slot] = digest;
    this.#counts[slot] = 1;
    this.#limits[slot] = this.#limit;
    this.#gapMs[slot] = 0;
    this.#silentUntilMs[slot] = 0;
  }

  #keepSilent(slot: number, nowMs: number): void {
    const silenceMs = Math.min(MAX_SILENCE_MS, Math.max(MIN_SILENCE_MS, SILENCE_TURNS * this.#gapMs[slot]!));
    this.#silentUntilMs[slot] = nowMs + silenceMs;
    this.#counts[slot] = 0;
    this.#limits[slot] = this.#limit;
  }
}

/** Up to this many bytes of a payload all of them count. */
const WHOLE_BYTES = 64;
/** Of longer ones, bytes at each end, and as many spread evenly between. */
const EDGE_BYTES = 16;
const SPREAD_BYTES = 32;

/** Digests of payloads and of who sent them. */
interface Digest {
  peer(peer: Pick<Peer, 'address' | 'port'>): number;
  /** Of a long payload, samples alone. */
  payload(ofPeer: number, payload: Uint8Array): number;
  /** All of it. */
  readonly whole: (payload: Uint8Array) => number;
}

/**
 * A keyed 32-bit digest, cheap enough for every datagram. Equal payloads of a peer have equal digests; that different ones have, is
 * by chance alone for who does not know the key.
 */
function createDigest(): Digest {
  const start = randomInt(0, 2 ** 32) | 0;
  const factor = randomInt(0, 2 ** 31) | 1;
  const final = randomInt(0, 2 ** 31) | 1;
  // The high bits, which depend on all that came before, are mixed into the low ones at each step: a product alone never does.
  const mix = (digest: number, value: number): number => {
    const product = Math.imul(digest ^ value, factor);
    return product ^ (product >>> 15);
  };
  const mixRange = (digest: number, payload: Uint8Array, from: number, to: number): number => {
    let mixed = digest;
    for (let index = from; index < to; index++) mixed = mix(mixed, payload[index]!);
    return mixed;
  };
  const finish = (digest: number): number => {
    const product = Math.imul(digest ^ (digest >>> 16), final);
    return product ^ (product >>> 13);
  };
  return {
    peer({ address, port }) {
      let digest = start;
      for (let index = 0; index < address.length; index++) digest = mix(digest, address.charCodeAt(index));
      return finish(mix(digest, port));
    },
    payload(ofPeer, payload) {
      const { length } = payload;
      const digest = mix(ofPeer, length);
      if (length <= WHOLE_BYTES) return finish(mixRange(digest, payload, 0, length));
      let mixed = mixRange(digest, payload, 0, EDGE_BYTES);
      const step = (length - 2 * EDGE_BYTES) / SPREAD_BYTES;
      for (let part = 0; part < SPREAD_BYTES; part++) mixed = mix(mixed, payload[EDGE_BYTES + Math.trunc(part * step)]!);
      return finish(mixRange(mixed, payload, length - EDGE_BYTES, length));
    },
    whole: (payload) => finish(mixRange(start, payload, 0, payload.length)),
  };
}
