import { firstDifference, hexWindow } from '@socklab/client';
import { createContents, wholeSequence } from './probe-format.ts';
import type { Answer, AnswerFault, Contents, ContentsOptions, ProbeFormat } from './probe-format.ts';

/** Bytes of a datagram's number. A shorter datagram carries its last bytes only. */
export const SEQUENCE_BYTES = 4;

/**
 * Datagrams for the session echo, which are returned unchanged. They are compared to the last byte, however late: the
 * content of a datagram follows from its number.
 *
 * ```
 *  0                4
 *  +----------------+----------------------+
 *  | number: u32 BE | bytes from the seed  |
 *  +----------------+----------------------+
 * ```
 */
export function createEchoFormat(plan: ContentsOptions): ProbeFormat {
  return new EchoFormat(createContents(plan));
}

class EchoFormat implements ProbeFormat {
  readonly #contents: Contents;

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  make(socket: number, sequence: number): Buffer {
    const { pool, sizeOf, startOf } = this.#contents;
    const size = sizeOf(socket, sequence);
    const datagram = Buffer.allocUnsafe(size);
    const start = startOf(socket, sequence);
    pool.copy(datagram, 0, start, start + size);
    const numbered = Math.min(SEQUENCE_BYTES, size);
    if (numbered > 0) datagram.writeUIntBE(sequence % 256 ** numbered, 0, numbered);
    return datagram;
  }

  read(answer: Answer): number {
    const { payload, socket } = answer;
    const sequence = sequenceOf(answer);
    if (sequence < 0 || payload.length !== this.#contents.sizeOf(socket, sequence)) return -1;
    if (payload.length <= SEQUENCE_BYTES) return sequence;
    const { pool, startOf } = this.#contents;
    const start = startOf(socket, sequence);
    const isSame = payload.compare(pool, start + SEQUENCE_BYTES, start + payload.length, SEQUENCE_BYTES, payload.length) === 0;
    return isSame ? sequence : -1;
  }

  explain(answer: Answer): AnswerFault {
    const { payload, socket } = answer;
    const sequence = sequenceOf(answer);
    const seen = `an answer of ${payload.length} bytes`;
    if (sequence < 0) return { text: `${seen} has a number that was never sent`, offset: 0, seenHex: hexWindow(payload) };
    const expected = this.make(socket, sequence);
    const offset = firstDifference(expected, 0, payload, 0, expected.length);
    const expectedHex = hexWindow(expected, offset);
    const seenHex = hexWindow(payload, offset);
    const lengths = payload.length === expected.length ? '' : `, its datagram had ${expected.length}`;
    const words = `expected ${expectedHex || 'nothing'}, received ${seenHex || 'nothing'}`;
    return { text: `${seen}${lengths}: wrong from byte ${offset}: ${words}`, sequence, offset, expectedHex, seenHex };
  }
}

function sequenceOf({ payload, last }: Answer): number {
  const carried = Math.min(SEQUENCE_BYTES, payload.length);
  return wholeSequence(carried === 0 ? 0 : payload.readUIntBE(0, carried), 256 ** carried, last);
}
