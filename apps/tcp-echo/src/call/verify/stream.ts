import { firstDifference, hexWindow } from '@socklab/client';
import type { Fault } from './fault.ts';
import type { MessageCycle } from './message-cycle.ts';
import type { Verifier } from './verifier.ts';

/** Without a framing: the answer is a stream, cut anywhere. */
export function createStreamVerifier(cycle: MessageCycle, first: number): Verifier {
  return new StreamVerifier(cycle, first);
}

class StreamVerifier implements Verifier {
  readonly #cycle: MessageCycle;
  /** The current message, as an index of the cycle. */
  #index: number;
  /** The next expected byte, as an offset in the cycle. */
  #position: number;
  #receivedBytes = 0;
  answeredBytes = 0;
  fault: Fault | undefined;

  constructor(cycle: MessageCycle, first: number) {
    this.#cycle = cycle;
    this.#index = first;
    this.#position = cycle.payloadBounds[first]!;
  }

  get partialBytes(): number {
    return this.#receivedBytes - this.answeredBytes;
  }

  accept(chunk: Buffer, byteLength: number, awaited: number): number {
    const { payloads } = this.#cycle;
    let answered = 0;
    let offset = 0;
    while (offset < byteLength && this.fault === undefined) {
      const run = Math.min(byteLength - offset, payloads.length - this.#position);
      const isSame = payloads.compare(chunk, offset, offset + run, this.#position, this.#position + run) === 0;
      const good = isSame ? run : firstDifference(payloads, this.#position, chunk, offset, run);
      offset += good;
      answered += this.#advance(good, awaited - answered);
      // Surplus bytes may continue the cycle: a server that repeats itself, or that answers another client.
      if (answered === awaited && (this.partialBytes > 0 || !isSame)) this.#refuseSurplus();
      else if (!isSame) this.#refuse(chunk, offset, byteLength);
    }
    return answered;
  }

  end(): void {
    // Every byte was compared as it arrived.
  }

  /** Advances over correct bytes, inside the cycle or to its end; past the end of at most `most` messages. */
  #advance(byteLength: number, most: number): number {
    const { payloadBounds, count } = this.#cycle;
    const position = this.#position + byteLength;
    this.#receivedBytes += byteLength;
    let answered = 0;
    let index = this.#index;
    while (answered < most && index < count && payloadBounds[index + 1]! <= position) {
      index += 1;
      answered += 1;
    }
    if (answered > 0) this.answeredBytes = this.#receivedBytes - (position - payloadBounds[index]!);
    const isRound = index === count;
    this.#index = isRound ? 0 : index;
    this.#position = isRound ? 0 : position;
    return answered;
  }

  #refuseSurplus(): void {
    const text = `received bytes that answer nothing, after ${this.answeredBytes} bytes that were right`;
    this.fault = { kind: 'unexpected', text, offset: this.answeredBytes };
  }

  #refuse(chunk: Buffer, offset: number, byteLength: number): void {
    const { payloads } = this.#cycle;
    const end = Math.min(payloads.length, this.#position + (byteLength - offset));
    const expectedHex = hexWindow(payloads, this.#position, end);
    const seenHex = hexWindow(chunk, offset, byteLength);
    this.fault = {
      kind: 'mismatch',
      text: `byte ${this.#receivedBytes} of the answer is wrong: expected ${expectedHex}, received ${seenHex}`,
      offset: this.#receivedBytes,
      expectedHex,
      seenHex,
    };
  }
}
