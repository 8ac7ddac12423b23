import { createPartsDecoder, PARTS_END } from '../frame/parts-decoder.ts';
import { ArrivingPayloads } from './arriving-payloads.ts';
import { checkIterable } from './check-iterable.ts';
import { MessageIterator, hasMore } from './message-iterator.ts';
import type { Bytes, Codec, DecoderOptions } from '../codec.ts';
import type { HeaderValues } from '../frame/header.ts';
import type { PartsHead, PartsStep } from '../frame/parts-decoder.ts';
import type { Chunks } from './batcher.ts';
import type { MessageSource } from './message-iterator.ts';

/**
 * One message whose payload comes in parts, none empty: what of it one chunk brought. They are read once, and before the next message is asked for, which passes
 * over those that were not. The end of the loop says that the message was whole, and its trailer right.
 */
export interface PayloadParts extends AsyncIterable<Bytes> {
  /** How long the payload is, in bytes, as the header says. */
  readonly byteLength: number;
  /** Values of the header's fields; `undefined` in formats without any. */
  readonly header: HeaderValues | undefined;
}

/**
 * Decodes `source` message by message, the payload of each in parts: for payloads that do not fit into memory, or should not. Memory is that of a chunk; the next one is
 * read when the parts of the last were taken. Leaving the loop over messages early closes the source; leaving that over parts passes over the rest.
 *
 * The codec is one of `frame()` or `lengthPrefixed()`, whose header says how long a payload is, and of formats made with them. With a header of fields, or whole frames as payloads,
 * the parts are the payload alone. Its `maxPayloadBytes` holds: set it to the longest payload that the program takes, however it is stored.
 *
 * @throws RangeError for another codec.
 * @throws FrameError as `decode`; `FRAME_ERR_BAD_TRAILER`, `FRAME_ERR_BAD_CHECKSUM` and `FRAME_ERR_TRUNCATED` after the parts before the fault.
 * @throws Error when the parts of a message are read after the next one was asked for.
 */
export function payloadParts(
  codec: Codec<unknown, never>,
  source: AsyncIterable<Chunks>,
  options?: DecoderOptions,
): AsyncIterableIterator<PayloadParts, undefined> {
  checkIterable(source, 'chunks');
  const messages = new PartsMessages(new ArrivingPayloads(createPartsDecoder(codec, options), source));
  return new MessageIterator(messages);
}

/** Messages in parts, from the steps of their decoder. */
export class PartsMessages implements MessageSource<PayloadParts> {
  readonly #steps: MessageSource<PartsStep>;
  #current: PartsMessage | undefined;

  constructor(steps: MessageSource<PartsStep>) {
    this.#steps = steps;
  }

  /** Parts of the message handed out last can no longer be read. */
  leave(): void {
    this.#current?.leave();
  }

  take(): PayloadParts | undefined {
    this.leave();
    for (let step = this.#steps.take(); step !== undefined; step = this.#steps.take()) {
      if (step === PARTS_END || step instanceof Uint8Array) continue;
      this.#current = new PartsMessage(step, this.#steps);
      return this.#current;
    }
    return undefined;
  }

  moreArrived(): PromiseLike<unknown> {
    return this.#steps.moreArrived();
  }

  accept(arrived: unknown): boolean {
    return hasMore(this.#steps, arrived);
  }

  fail(): void {
    this.#steps.fail?.();
  }

  stopWaiting(): void {
    this.#steps.stopWaiting?.();
  }

  close(): PromiseLike<unknown> | undefined {
    return this.#steps.close?.();
  }
}

const OVER = Promise.resolve();

class PartsMessage implements PayloadParts {
  readonly byteLength: number;
  readonly header: HeaderValues | undefined;
  readonly #steps: MessageSource<PartsStep>;
  #isOver = false;
  #isLeft = false;

  constructor({ byteLength, header }: PartsHead, steps: MessageSource<PartsStep>) {
    this.byteLength = byteLength;
    this.header = header;
    this.#steps = steps;
  }

  /** The next message was asked for. */
  leave(): void {
    this.#isLeft ||= !this.#isOver;
  }

  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    return new MessageIterator({
      take: () => this.#take(),
      moreArrived: () => (this.#isOver ? OVER : this.#steps.moreArrived()),
      accept: (arrived) => !this.#isOver && hasMore(this.#steps, arrived),
      fail: () => this.#steps.fail?.(),
      stopWaiting: () => this.#steps.stopWaiting?.(),
    });
  }

  #take(): Bytes | undefined {
    if (this.#isLeft)
      throw new Error('the parts of a message are read before the next one is asked for, and before detach(), switchCodec() or close()');
    if (this.#isOver) return undefined;
    const step = this.#steps.take();
    this.#isOver = step === PARTS_END;
    return step instanceof Uint8Array ? step : undefined;
  }
}
