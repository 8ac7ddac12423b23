import { hexWindow } from '@socklab/client';
import { wholeMessages, ack, MESSAGE_HEADER_BYTES, probe } from '@socklab/client/room';
import { createContents, wholeSequence } from './probe-format.ts';
import type { Answer, AnswerFault, Contents, ContentsOptions, ProbeFormat } from './probe-format.ts';

/** Length of a PROBE without padding, and of its ACK: header, sequence (4), timestamp (8). */
export const MIN_PROBE_BYTES: number = MESSAGE_HEADER_BYTES + 12;

const MODULUS = 2 ** 32;

/** PROBEs for the session ack, padded with bytes from the seed; the answer is an ACK of 17 bytes. Layout: `wire.ts`. */
export function createAckFormat(plan: ContentsOptions): ProbeFormat {
  return new AckFormat(createContents(plan));
}

class AckFormat implements ProbeFormat {
  readonly #contents: Contents;

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  make(socket: number, sequence: number, nowUs: number): Buffer {
    const { pool, sizeOf, startOf } = this.#contents;
    const start = startOf(socket, sequence);
    const payload = pool.subarray(start, start + sizeOf(socket, sequence) - MIN_PROBE_BYTES);
    return Buffer.from(probe.encode({ header: { sequence: sequence % MODULUS, timestamp: nowUs }, payload }));
  }

  read(answer: Answer): number {
    const header = acknowledged(answer.payload);
    if (header === undefined) return -1;
    const sequence = wholeSequence(header.sequence, MODULUS, answer.last);
    const sentUs = answer.sentUs(sequence);
    return sentUs === undefined || sentUs === header.timestamp ? sequence : -1;
  }

  explain(answer: Answer): AnswerFault {
    const { payload, last } = answer;
    const header = acknowledged(payload);
    const seenHex = hexWindow(payload);
    if (header === undefined)
      return { text: `an answer of ${payload.length} bytes that is not an ACK: ${seenHex || 'nothing'}`, offset: 0, seenHex };
    const sequence = wholeSequence(header.sequence, MODULUS, last);
    if (sequence < 0) return { text: `an ACK of the number ${header.sequence}, which was never sent`, seenHex };
    return { text: `an ACK with the timestamp ${header.timestamp}, sent was ${answer.sentUs(sequence)}`, sequence, seenHex };
  }
}

/** The acknowledged datagram; `undefined` when it is not an ACK. */
function acknowledged(payload: Buffer): { readonly sequence: number; readonly timestamp: number } | undefined {
  const [message, ...more] = wholeMessages(ack, payload) ?? [];
  return message === undefined || more.length > 0 || message.payload.length > 0 ? undefined : message.header;
}
