import { printable, quitMatcher, withoutLineEnding } from '@socklab/service';
import { maxPayloadBytes, tooLong } from '../limits.ts';
import { formatPeer, peerName } from '../peers.ts';
import { createWaitingLine } from './waiting-line.ts';
import type { OperatorConsole } from '@socklab/service';
import type { Datagram, Exchange, Session } from './session.ts';
import type { WaitingLimits } from './waiting-line.ts';

/** Options of {@link operator}. */
export interface OperatorOptions {
  readonly console: OperatorConsole;
  /** A peer that sends it wants no answer; at the end it is the goodbye to those who wait. Empty: no such word. */
  readonly quit: string;
}

/** How much may wait for the operator; what comes beyond is dropped. */
export const WAITING_LIMITS: WaitingLimits = { maxDatagrams: 1000, maxBytes: 8 * 1024 * 1024 };

/**
 * Shows each datagram to the operator, in order of arrival, and sends the operator's next line to its sender.
 * There is no connection: every datagram is asked for by itself, whoever sent it. The end of the operator's input
 * ends the service.
 */
export function operator<Received extends Datagram>(exchange: Exchange<Received>, options: OperatorOptions): Session<Received> {
  return new OperatorSession(exchange, options);
}

class OperatorSession<Received extends Datagram> implements Session<Received> {
  readonly #exchange: Exchange<Received>;
  readonly #console: OperatorConsole;
  readonly #goodbye: Buffer;
  readonly #isQuit: (payload: Uint8Array) => boolean;
  readonly #line = createWaitingLine<Received>(WAITING_LIMITS);
  readonly #closed = new AbortController();
  #isServing = false;
  #hasInputEnded = false;

  constructor(exchange: Exchange<Received>, { console, quit }: OperatorOptions) {
    this.#exchange = exchange;
    this.#console = console;
    this.#goodbye = Buffer.from(quit);
    this.#isQuit = quitMatcher(quit);
    void this.#followInput(console);
  }

  receive(datagram: Received): void {
    if (!this.#line.add(datagram)) {
      this.#exchange.drop(datagram, 'queue-full');
      return;
    }
    this.#exchange.waiting(this.#line.size);
    if (this.#isServing) return;
    this.#isServing = true;
    void this.#serveLine();
  }

  close(): void {
    this.#closed.abort();
    const told = new Set<string>();
    for (const datagram of this.#line.empty()) {
      const name = peerName(datagram.peer);
      if (this.#goodbye.length === 0 || told.has(name)) this.#exchange.drop(datagram, 'closing');
      else this.#exchange.reply(datagram, this.#goodbye);
      told.add(name);
    }
    this.#exchange.waiting(0);
  }

  async #followInput({ ended }: OperatorConsole): Promise<void> {
    await ended;
    this.#hasInputEnded = true;
    // The last line may be an answer that is not sent yet: then the end comes after it.
    if (!this.#isServing) this.#exchange.finish();
  }

  /** Nobody awaits this: whatever goes wrong ends the service through `finish`. */
  async #serveLine(): Promise<void> {
    try {
      for (let datagram = this.#line.first(); datagram !== undefined; datagram = this.#line.first()) {
        const isAnswered = await this.#serve(datagram);
        if (this.#closed.signal.aborted) return;
        if (!isAnswered) {
          this.#exchange.finish();
          return;
        }
        this.#line.leave();
        this.#exchange.waiting(this.#line.size);
      }
      this.#isServing = false;
      if (this.#hasInputEnded) this.#exchange.finish();
    } catch (error) {
      this.#exchange.finish(error instanceof Error ? error : new Error('the operator session failed', { cause: error }));
    }
  }

  /** Shows one datagram and answers it; false when nobody is there to answer. */
  async #serve(datagram: Received): Promise<boolean> {
    this.#console.print(`${formatPeer(datagram.peer)} : ${printable(withoutLineEnding(datagram.payload))}`);
    if (this.#isQuit(datagram.payload)) {
      // Its sender has quit and listens no more.
      this.#exchange.ignore(datagram);
      return true;
    }
    const answer = await this.#askFor(datagram);
    if (answer === undefined) return false;
    this.#exchange.reply(datagram, answer);
    return true;
  }

  /** The operator's answer, of a length that fits; `undefined` at the end of input or of the service. */
  async #askFor({ peer: { family } }: Datagram): Promise<Buffer | undefined> {
    for (;;) {
      const line = await this.#ask();
      if (line === undefined) return undefined;
      const answer = Buffer.from(line);
      if (answer.length <= maxPayloadBytes(family)) return answer;
      this.#console.print(tooLong('an answer', answer.length, family));
    }
  }

  async #ask(): Promise<string | undefined> {
    try {
      const line = await this.#console.ask(this.#closed.signal);
      // Typed in the very moment of the end: its datagram has got the goodbye already.
      return this.#closed.signal.aborted ? undefined : line;
    } catch (error) {
      if (this.#closed.signal.aborted) return undefined;
      throw error;
    }
  }
}
