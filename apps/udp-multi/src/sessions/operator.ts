import { FrameError } from '@socklab/framing';
import { printable, quitMatcher, withoutLineEnding } from '@socklab/service';
import { tooLong } from '../limits.ts';
import { formatPeer, peerName } from '../peers.ts';
import { createKnownPeers } from './known-peers.ts';
import { createWaitingQueue } from './waiting-queue.ts';
import type { DatagramFraming } from '../datagram-framing.ts';
import type { KnownPeer } from '../operator/audience.ts';
import type { CommandConsole } from '../operator/console.ts';
import type { Peer } from '../peers.ts';
import type { KnownPeers, PeerLimits } from './known-peers.ts';
import type { Datagram, Channel, Session } from './session.ts';
import type { WaitingLimits } from './waiting-queue.ts';
import type { OperatorConsole } from '@socklab/service';

/** Options of {@link operator}. */
export interface OperatorOptions {
  readonly console: CommandConsole;
  /** A peer that sends it needs no answer; at the end it is the goodbye to waiting peers. Empty: no such word. */
  readonly quit: string;
  readonly peers: PeerLimits;
  /** Frames what is sent. */
  readonly framing?: DatagramFraming | undefined;
}

/** How much may wait for the operator; more is dropped. */
export const WAITING_LIMITS: WaitingLimits = { maxDatagrams: 1000, maxBytes: 8 * 1024 * 1024 };

/** Messages of one datagram that are shown, and bytes of one message: a datagram must not scroll the screen away. */
export const MAX_SHOWN_MESSAGES = 100;
export const MAX_SHOWN_BYTES = 4096;

/**
 * Shows each datagram to the operator, in order of arrival, and sends the operator's next line to its sender.
 * There is no connection: the operator is asked for each datagram separately, whoever sent it. The end of the
 * operator's input ends the service.
 */
export function operator<Received extends Datagram>(channel: Channel<Received>, options: OperatorOptions): Session<Received> {
  return new OperatorSession(channel, options);
}

class OperatorSession<Received extends Datagram> implements Session<Received> {
  readonly #channel: Channel<Received>;
  readonly #console: OperatorConsole;
  readonly #goodbye: Uint8Array;
  readonly #isQuit: (payload: Uint8Array) => boolean;
  readonly #framing: DatagramFraming | undefined;
  readonly #line = createWaitingQueue<Received>(WAITING_LIMITS);
  readonly #known: KnownPeers<Received>;
  /** Aborted when the current peer needs no answer any more: blocked, or at the end. */
  #turn = new AbortController();
  #isClosed = false;
  #isServing = false;
  #hasInputEnded = false;

  constructor(channel: Channel<Received>, { console, quit, peers, framing }: OperatorOptions) {
    this.#channel = channel;
    this.#console = console;
    this.#framing = framing;
    this.#goodbye = this.#encode(quit);
    this.#isQuit = quitMatcher(quit);
    this.#known = createKnownPeers(channel, peers, (text) => this.#encode(text));
    console.actOn({ ...this.#known, block: (peer) => this.#block(peer) });
    void this.#followInput(console);
  }

  receive(datagram: Received): void {
    this.#known.heard(datagram);
    if (!this.#line.add(datagram)) {
      this.#channel.drop(datagram, 'queue-full');
      return;
    }
    this.#channel.waiting(this.#line.size);
    if (this.#isServing) return;
    this.#isServing = true;
    void this.#serveLine();
  }

  close(): void {
    this.#isClosed = true;
    this.#turn.abort();
    const told = new Set<string>();
    for (const datagram of this.#line.empty()) {
      const name = peerName(datagram.peer);
      if (this.#goodbye.length === 0 || told.has(name)) this.#channel.drop(datagram, 'closing');
      else this.#channel.reply(datagram, this.#goodbye);
      told.add(name);
    }
    this.#channel.waiting(0);
  }

  peers(): readonly KnownPeer[] {
    return this.#known.list();
  }

  /** Waiting datagrams of a blocked peer are not shown any more, and the one on the screen needs no answer. */
  #block(peer: Peer): boolean {
    if (!this.#channel.block(peer)) return false;
    const turn = this.#line.first();
    for (const datagram of this.#line.remove(peer)) this.#channel.drop(datagram, 'blocked');
    this.#channel.waiting(this.#line.size);
    if (this.#line.first() !== turn) this.#turn.abort();
    return true;
  }

  async #followInput({ ended }: OperatorConsole): Promise<void> {
    await ended;
    this.#hasInputEnded = true;
    // The last line may be an answer that is not sent yet: the end follows it.
    if (!this.#isServing) this.#channel.finish();
  }

  /** Not awaited: errors end the service through `finish`. */
  async #serveLine(): Promise<void> {
    try {
      for (let datagram = this.#line.first(); datagram !== undefined; datagram = this.#line.first()) {
        this.#turn = new AbortController();
        const isAnswered = await this.#serve(datagram, this.#turn.signal);
        if (this.#isClosed) return;
        if (!isAnswered) {
          this.#channel.finish();
          return;
        }
      }
      this.#isServing = false;
      if (this.#hasInputEnded) this.#channel.finish();
    } catch (error) {
      this.#channel.finish(error instanceof Error ? error : new Error('the operator session failed', { cause: error }));
    }
  }

  /** Shows one datagram and answers it, unless its turn is aborted; false when the operator is gone. */
  async #serve(datagram: Received, turn: AbortSignal): Promise<boolean> {
    const messages = datagram.messages ?? [datagram.payload];
    this.#show(datagram.peer, messages);
    if (messages.some((message) => this.#isQuit(message))) {
      // Its sender has quit and does not listen any more.
      this.#leaveLine();
      this.#channel.ignore(datagram);
      return true;
    }
    const answer = await this.#askFor(datagram, turn);
    if (turn.aborted) return true;
    if (answer === undefined) return false;
    this.#leaveLine();
    this.#channel.reply(datagram, answer);
    return true;
  }

  /** Within the turn of the event loop that ends the datagram, so that neither a block nor the end ends it again. */
  #leaveLine(): void {
    this.#line.leave();
    this.#channel.waiting(this.#line.size);
  }

  #show(peer: Peer, messages: readonly Uint8Array[]): void {
    const from = formatPeer(peer);
    for (const message of messages.slice(0, MAX_SHOWN_MESSAGES)) {
      this.#console.print(`${from} : ${printable(withoutLineEnding(message), MAX_SHOWN_BYTES)}`);
    }
    const more = messages.length - MAX_SHOWN_MESSAGES;
    if (more > 0) this.#console.print(`${from} : ${more} more messages in this datagram`);
  }

  /** The operator's answer, which can be sent; `undefined` at the end of input, and when the turn is aborted. */
  async #askFor(datagram: Received, turn: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      const line = await this.#ask(turn);
      if (line === undefined) return undefined;
      const answer = this.#answerTo(datagram, line);
      if (typeof answer !== 'string') return answer;
      this.#console.print(answer);
    }
  }

  /** The bytes of an answer, or why it cannot be sent. */
  #answerTo(datagram: Received, line: string): Uint8Array | string {
    try {
      const answer = this.#encode(line);
      const limit = this.#channel.limit(datagram);
      if (answer.length <= limit) return answer;
      if (this.#channel.isProven(datagram)) return tooLong('an answer', answer.length, datagram.peer.family);
      return `an answer of ${answer.length} bytes is longer than what it answers, and the address is not proven: at most ${limit} bytes`;
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      return `an answer that ${this.#framing?.name ?? 'the framing'} cannot carry: ${error.message}`;
    }
  }

  #encode(text: string): Uint8Array {
    const payload = Buffer.from(text);
    return this.#framing === undefined || payload.length === 0 ? payload : this.#framing.join([payload]);
  }

  async #ask(turn: AbortSignal): Promise<string | undefined> {
    try {
      const line = await this.#console.ask(turn);
      // Typed at the very end: its datagram already got the goodbye.
      return turn.aborted ? undefined : line;
    } catch (error) {
      if (turn.aborted) return undefined;
      throw error;
    }
  }
}
