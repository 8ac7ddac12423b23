import { randomInt } from 'node:crypto';
import type { Peer } from '../peers.ts';

/** Finds the datagrams that two services send each other forever. */
export interface LoopBreaker {
  /**
   * Whether to leave this datagram unanswered, so that a loop ends. Called once for each datagram, in order of arrival.
   *
   * @param isProven - Whether its address is proven: then only a repeated payload counts as a loop, because nobody can have forged
   * the start of another one.
   */
  isLoop(payload: Uint8Array, peer: Peer, nowMs: number, isProven?: boolean): boolean;
}

/** Options of {@link createLoopBreaker}. */
export interface LoopBreakerOptions {
  /** Turns of the same payload of a peer without a pause; for an unproven peer also twice as many of any payload. 0 switches the breaker off. */
  readonly maxRepeats: number;
}

/**
 * Longest pause within a loop. A looping answer arrives after one round trip; a person, or a health check, that
 * repeats itself takes longer, and starts a new count.
 */
const MAX_PAUSE_MS = 500;

/** Shortest and longest silence: longer than a round trip, shorter than a client's timeout. */
const MIN_SILENCE_MS = 250;
const MAX_SILENCE_MS = 2000;
/** A silence lasts as long as this many turns did. */
const SILENCE_TURNS = 16;

/** Exchanges, and peers, watched at a time: powers of two. A new one replaces one with the same low bits. */
const EXCHANGES = 4096;
const PEERS = 16_384;

/** Further turns allowed for each datagram that arrives in a silence. */
const TURNS_PER_SILENT = 256;
/** Most turns between two silences. */
const MAX_TURNS = 1 << 20;

/**
 * Stays silent for a moment, now and then, where an exchange goes on without a pause.
 *
 * Each turn of a loop is caused by the previous one: a moment without answers, longer than a round trip, ends it for good, whatever
 * its payloads are, and whoever began it. A client sends by itself: it loses what it sends in that moment, and goes on. What arrives
 * in a silence was not sent by a loop, and each such datagram allows 256 turns until the next one, so that a busy client, or one
 * whose address is forged, is nearly always answered: it loses less than one in a hundred datagrams. A loop that is restarted after a
 * silence is as short as the first: to make it longer, somebody has to send in proportion.
 *
 *     counting --turns > limit--> silent --time over--> counting, limit + 256 × datagrams of the silence
 *        ^------------- a pause of more than 500 ms, limit as at first ----------+
 *
 * Turns are counted for each payload of a peer; for an unproven peer also for any payload, with twice the limit, because it may answer
 * something new each time. A loop of less than two turns a second is not found: it is slower than a person. Memory is fixed, and the key
 * of the digests is new with each start, so that nobody can choose payloads that evict each other.
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
      // Always counted, so that neither count waits for the other.
      return exchanges.isOver(digestOf.payload(ofPeer, payload), payload, nowMs) || isPeerLoop;
    },
  };
}

/** Counts of turns by digest. */
class Turns {
  readonly #mask: number;
  readonly #limit: number;
  readonly #wholeOf: (payload: Uint8Array) => number;
  /** Only of sampled payloads, from half of the limit on. */
  readonly #wholes: Int32Array;
  readonly #digests: Int32Array;
  readonly #counts: Uint32Array;
  readonly #limits: Uint32Array;
  readonly #lastMs: Float64Array;
  /** Recent mean time between turns. */
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
    // What arrives after a silence is no pause of the peer's own.
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

  /** Whether the payload equals that of the previous turns, also where it was not sampled. Only needed near the limit. */
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

/** Payloads up to this length are digested completely. */
const WHOLE_BYTES = 64;
/** Of longer ones, bytes at both ends, and as many evenly between. */
const EDGE_BYTES = 16;
const SPREAD_BYTES = 32;

/** Digests of payloads and their senders. */
interface Digest {
  peer(peer: Pick<Peer, 'address' | 'port'>): number;
  /** Of a long payload, only samples. */
  payload(ofPeer: number, payload: Uint8Array): number;
  /** The complete payload. */
  readonly whole: (payload: Uint8Array) => number;
}

/**
 * A keyed 32-bit digest, cheap enough for every datagram. Equal payloads of a peer have equal digests; without the key,
 * different ones collide only by chance.
 */
function createDigest(): Digest {
  const start = randomInt(0, 2 ** 32) | 0;
  const factor = randomInt(0, 2 ** 31) | 1;
  const final = randomInt(0, 2 ** 31) | 1;
  // Mixes the high bits, which depend on everything before, into the low ones at each step: a product alone never does.
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
