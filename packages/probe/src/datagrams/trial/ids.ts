/**
 * Transaction ids: a different number in each datagram, and where a server repeats them.
 */

import type { Bytes } from '../../types.ts';

// Odd, so that consecutive numbers get ids that look like chance, and no two the same before all were used.
const STEP = 0x9e37_79b9_7f4a_7c15n;
let handedOut = 0n;

/** An id of that many bytes that was not used before, as long as there is one. */
export function nextId(byteLength: number): Bytes {
  handedOut += 1n;
  return bytesOf(BigInt.asUintN(8 * byteLength, handedOut * STEP), byteLength);
}

/** Whether these bytes were an id of a datagram of this process. */
export function wasHandedOut(id: Bytes): boolean {
  const bits = 8 * id.length;
  const number = BigInt.asUintN(bits, BigInt(`0x${Buffer.from(id).toString('hex')}`) * inverseOf(STEP, bits));
  const all = 1n << BigInt(bits);
  return (number === 0n ? all : number) <= handedOut;
}

function bytesOf(number: bigint, byteLength: number): Bytes {
  return new Uint8Array(Buffer.from(number.toString(16).padStart(2 * byteLength, '0'), 'hex'));
}

/** The inverse of an odd number modulo a power of two: each step of Newton's method doubles the bits that are right. */
function inverseOf(odd: bigint, bits: number): bigint {
  let inverse = 1n;
  for (let right = 1; right < bits; right *= 2) inverse = BigInt.asUintN(bits, inverse * (2n - odd * inverse));
  return inverse;
}

/** A place in an answer where the id of a send is repeated. */
export interface EchoedId {
  readonly offset: number;
  readonly send: number;
  readonly bytes: number;
}

/** One answer of a run, and the ids that its sends had. */
export interface AnswerWithIds {
  readonly answer: Bytes;
  readonly ids: ReadonlyMap<number, Bytes>;
}

/** The places where the same answer of all runs has the id that its run sent. Two runs with different ids cannot agree by chance. */
export function echoedIds(runs: readonly AnswerWithIds[]): readonly EchoedId[] {
  const [first] = runs;
  if (first === undefined) return [];
  const found: EchoedId[] = [];
  for (const [send, id] of first.ids) {
    for (let offset = 0; offset + id.length <= first.answer.length; offset++) {
      const isEchoed = runs.every(({ answer, ids }) => isAt(answer, offset, ids.get(send)));
      if (isEchoed) found.push({ offset, send, bytes: id.length });
    }
  }
  return found;
}

function isAt(answer: Bytes, offset: number, id: Bytes | undefined): boolean {
  return id !== undefined && Buffer.compare(answer.subarray(offset, offset + id.length), id) === 0;
}
