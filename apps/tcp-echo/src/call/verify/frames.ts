import { firstDifference, hexWindow } from '@socklab/client';
import { FrameError } from '@socklab/framing';
import type { Fault } from './fault.ts';
import type { MessageCycle } from './message-cycle.ts';
import type { Verifier } from './verifier.ts';
import type { ByteCodec, ByteDecoder, BytesIn } from '@socklab/framing';

/** With a framing: message by message, in order. */
export function createFrameVerifier(cycle: MessageCycle, first: number, codec: ByteCodec): Verifier {
  return new FrameVerifier(cycle, first, codec.createDecoder({ payload: 'view' }));
}

/** How many neighbours of the awaited message a wrong answer is compared with. */
const SEARCHED_MESSAGES = 64;

class FrameVerifier implements Verifier {
  readonly #cycle: MessageCycle;
  readonly #decoder: ByteDecoder;
  /** The awaited message, as an index of the cycle. */
  #index: number;
  answeredBytes = 0;
  fault: Fault | undefined;

  constructor(cycle: MessageCycle, first: number, decoder: ByteDecoder) {
    this.#cycle = cycle;
    this.#index = first;
    this.#decoder = decoder;
  }

  get partialBytes(): number {
    return this.#decoder.bufferedBytes;
  }

  accept(chunk: Buffer, byteLength: number, awaited: number): number {
    let answered = 0;
    try {
      this.#decoder.push(chunk.subarray(0, byteLength));
      while (this.fault === undefined && this.#decoder.advance()) {
        if (answered === awaited) this.#refuseSurplus();
        else if (this.#isAwaited()) answered += 1;
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.fault = { kind: 'frame-error', text: `${error.message} (${error.code})`, offset: error.offset, seenHex: error.hex };
    }
    return answered;
  }

  end(): void {
    try {
      this.#decoder.end();
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.fault ??= { kind: 'unexpected', text: `received part of a message that answers nothing: ${error.message}`, seenHex: error.hex };
    }
  }

  #isAwaited(): boolean {
    const { payloads, payloadBounds, count } = this.#cycle;
    const { payloadMemory, payloadStart, payloadEnd } = this.#decoder;
    const start = payloadBounds[this.#index]!;
    const end = payloadBounds[this.#index + 1]!;
    if (payloadEnd - payloadStart !== end - start || payloads.compare(payloadMemory, payloadStart, payloadEnd, start, end) !== 0) {
      this.#refuse(payloadMemory, payloadStart, payloadEnd);
      return false;
    }
    this.answeredBytes += end - start;
    this.#index = this.#index + 1 === count ? 0 : this.#index + 1;
    return true;
  }

  #refuseSurplus(): void {
    const { payloadMemory, payloadStart, payloadEnd } = this.#decoder;
    this.fault = {
      kind: 'unexpected',
      text: `a message of ${payloadEnd - payloadStart} bytes came that answers nothing`,
      seenHex: hexWindow(payloadMemory, payloadStart, payloadEnd),
    };
  }

  #refuse(memory: BytesIn, start: number, end: number): void {
    const { payloads, payloadBounds } = this.#cycle;
    const from = payloadBounds[this.#index]!;
    const to = payloadBounds[this.#index + 1]!;
    const offset = firstDifference(payloads, from, memory, start, Math.min(to - from, end - start));
    const expectedHex = hexWindow(payloads, from + offset, to);
    const seenHex = hexWindow(memory, start + offset, end);
    const lengths = end - start === to - from ? '' : `, of ${end - start} bytes instead of ${to - from}`;
    this.fault = {
      kind: 'mismatch',
      text: `the answer is wrong from byte ${offset}${lengths}: expected ${expectedHex}, received ${seenHex}${this.#origin(memory, start, end)}`,
      offset,
      expectedHex,
      seenHex,
    };
  }

  /** Text for an answer that belongs to another message: out of order, or repeated. */
  #origin(memory: BytesIn, start: number, end: number): string {
    const { payloads, payloadBounds, count } = this.#cycle;
    const most = Math.min(SEARCHED_MESSAGES, Math.floor((count - 1) / 2));
    for (let distance = 1; distance <= most; distance += 1) {
      for (const step of [distance, -distance]) {
        const index = (this.#index + step + count) % count;
        if (payloads.compare(memory, start, end, payloadBounds[index], payloadBounds[index + 1]) !== 0) continue;
        return `; it is the answer to the message ${distance} ${step > 0 ? 'later' : 'earlier'}`;
      }
    }
    return '';
  }
}
