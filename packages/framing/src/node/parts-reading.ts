import { PartsMessages } from '../streams/payload-parts.ts';
import type { PartsDecoder, PartsStep } from '../frame/parts-decoder.ts';
import type { MessageSource } from '../streams/message-iterator.ts';
import type { PayloadParts } from '../streams/payload-parts.ts';

/** What a connection reads while its messages come in parts. */
export class PartsReading {
  readonly #decoder: PartsDecoder;
  readonly #steps: MessageSource<PartsStep>;
  readonly #messages: PartsMessages;

  constructor(decoder: PartsDecoder, steps: MessageSource<PartsStep>) {
    this.#decoder = decoder;
    this.#steps = steps;
    this.#messages = new PartsMessages(steps);
  }

  /** Whether a message is under way, of which no byte may be held. */
  get isInside(): boolean {
    return this.#decoder.isInside;
  }

  /** The next message; `undefined` at the end of the stream. */
  async next(): Promise<PayloadParts | undefined> {
    do {
      const message = this.#messages.take();
      if (message !== undefined) return message;
    } while (this.#messages.accept(await this.#messages.moreArrived()));
    return undefined;
  }

  /** Parts of the message handed out last can no longer be read. */
  stop(): void {
    this.#messages.leave();
  }

  /** Passes over what is left of the message under way; false while more bytes of it are needed. */
  leave(): boolean {
    this.stop();
    while (this.isInside) if (this.#steps.take() === undefined) return false;
    return true;
  }
}
