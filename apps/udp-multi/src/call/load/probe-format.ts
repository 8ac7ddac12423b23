import { seededBytes, seededNumbers } from '@socklab/client';
import type { SizeRange } from '@socklab/client';

/** A wrong answer: what was seen, and what was expected. */
export interface AnswerFault {
  /** One line for people. */
  readonly text: string;
  /** Number of the datagram that it says to answer; absent when that cannot be told. */
  readonly sequence?: number;
  /** The first wrong byte. */
  readonly offset?: number;
  /** The bytes that should have come there, at most 16, in hex. */
  readonly expectedHex?: string;
  /** The bytes that came there, at most 16, in hex. */
  readonly seenHex?: string;
}

/** What the datagrams of a load look like, and their answers. Each socket numbers its own from 0. */
export interface ProbeFormat {
  /** The datagram with this number of a socket; `nowUs` is when it is made, in whole microseconds. */
  make(socket: number, sequence: number, nowUs: number): Buffer;
  /**
   * Which datagram is answered: its number, or -1 when this answers none that was sent, or not as it should.
   *
   * @param answer - Who was answered, and the payload.
   */
  read(answer: Answer): number;
  /** What is wrong with an answer that {@link read} refuses. */
  explain(answer: Answer): AnswerFault;
}

/** An answer that came. */
export interface Answer {
  readonly payload: Buffer;
  /** The socket it came to. */
  readonly socket: number;
  /** The number of the last datagram sent on it. */
  readonly last: number;
  /** When a datagram was made that is still awaited, in whole microseconds. */
  sentUs(sequence: number): number | undefined;
}

/** What payloads are made of: the same for the same seed. */
export interface Contents {
  /** Length of a datagram, in bytes. */
  readonly sizeOf: (socket: number, sequence: number) => number;
  /** Memory that its bytes are in, from {@link startOf}. */
  readonly pool: Buffer;
  readonly startOf: (socket: number, sequence: number) => number;
}

/** Small enough for a processor's cache; a power of two. */
const POOL_BYTES = 262_144;
/** Different sizes before they repeat; a power of two. */
const SIZES = 4096;
/** Odd numbers that spread sockets and datagrams over the pool, so that an answer meant for another one is seen. */
const SOCKET_SPREAD = 0x9e3779b1;
const SEQUENCE_SPREAD = 0x85ebca6b;

const spread = (socket: number, sequence: number): number => Math.imul(socket, SOCKET_SPREAD) + Math.imul(sequence, SEQUENCE_SPREAD);

/** What decides the datagrams of a load: the same for the same seed. */
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
 * The whole number of a datagram of which an answer carries the last bytes: the one sent last that ends so.
 *
 * @param modulus - 256 to the power of how many bytes it carries.
 * @returns Below 0 when none was sent that ends so.
 */
export function wholeSequence(carried: number, modulus: number, last: number): number {
  const back = (last - carried) % modulus;
  return last - (back < 0 ? back + modulus : back);
}
