import { seededBytes, seededNumbers } from '@socklab/client';
import type { SizeRange } from '@socklab/client';

/** A wrong answer: what was received, and what was expected. */
export interface AnswerFault {
  /** One line for people. */
  readonly text: string;
  /** Number of the datagram that it claims to answer; absent when unknown. */
  readonly sequence?: number;
  /** Offset of the first wrong byte. */
  readonly offset?: number;
  /** The expected bytes there, at most 16, in hex. */
  readonly expectedHex?: string;
  /** The received bytes there, at most 16, in hex. */
  readonly seenHex?: string;
}

/** The format of a load's datagrams, and of their answers. Each socket numbers its own from 0. */
export interface ProbeFormat {
  /** The datagram with this number of a socket; `nowUs` is the time it is made, in whole microseconds. */
  make(socket: number, sequence: number, nowUs: number): Buffer;
  /**
   * The number of the answered datagram, or -1 when it answers none that was sent, or not correctly.
   *
   * @param answer - The receiving socket, and the payload.
   */
  read(answer: Answer): number;
  /** The fault in an answer that {@link read} refuses. */
  explain(answer: Answer): AnswerFault;
}

/** A received answer. */
export interface Answer {
  readonly payload: Buffer;
  /** The socket that received it. */
  readonly socket: number;
  /** The number of the last datagram sent on it. */
  readonly last: number;
  /** When a datagram that is still awaited was made, in whole microseconds. */
  sentUs(sequence: number): number | undefined;
}

/** The source of payload bytes: the same for the same seed. */
export interface Contents {
  /** Length of a datagram, in bytes. */
  readonly sizeOf: (socket: number, sequence: number) => number;
  /** Memory of its bytes, from {@link startOf}. */
  readonly pool: Buffer;
  readonly startOf: (socket: number, sequence: number) => number;
}

/** Small enough for a processor's cache; a power of two. */
const POOL_BYTES = 262_144;
/** Number of sizes before they repeat; a power of two. */
const SIZES = 4096;
/** Odd numbers that spread sockets and datagrams over the pool, so that an answer meant for another one is noticed. */
const SOCKET_SPREAD = 0x9e3779b1;
const SEQUENCE_SPREAD = 0x85ebca6b;

const spread = (socket: number, sequence: number): number => Math.imul(socket, SOCKET_SPREAD) + Math.imul(sequence, SEQUENCE_SPREAD);

/** What determines the datagrams of a load: the same for the same seed. */
export interface ContentsOptions {
  /** Sizes of whole datagrams, in bytes. */
  readonly sizes: SizeRange;
  readonly seed: number;
}

/** Makes the {@link Contents} of a load. */
export function createContents({ sizes: { min, max }, seed }: ContentsOptions): Contents {
  const draws = seededNumbers(`sizes ${seed}`, SIZES);
  return {
    pool: seededBytes(`payloads ${seed}`, POOL_BYTES + max),
    sizeOf: (socket, sequence) => (min === max ? min : min + (draws[(socket * 31 + sequence) % SIZES]! % (max - min + 1))),
    startOf: (socket, sequence) => (spread(socket, sequence) >>> 7) % POOL_BYTES,
  };
}

/**
 * The full number of a datagram of which an answer carries the last bytes: the latest sent one that ends with them.
 *
 * @param modulus - 256 to the power of the number of carried bytes.
 * @returns A negative number when no sent datagram ends with them.
 */
export function wholeSequence(carried: number, modulus: number, last: number): number {
  const back = (last - carried) % modulus;
  return last - (back < 0 ? back + modulus : back);
}
