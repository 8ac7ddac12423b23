import { authorOf, OPERATOR } from './bus/author.ts';
import { createDelivery } from './delivery.ts';
import type { Datagram, Channel } from '../sessions/session.ts';
import type { Bus, OnBusMessage } from './bus/bus.ts';
import type { CopyRates } from './copy-rates.ts';
import type { Delivery } from './delivery.ts';
import type { Member, Members } from './members.ts';

/** Options of a {@link RoomRelay}. */
export interface RoomRelayOptions<Received extends Datagram> {
  readonly channel: Pick<Channel<Received>, 'copy' | 'lost' | 'now'>;
  readonly members: Members<Received>;
  readonly copies: CopyRates;
  /** The bus to the other replicas. */
  readonly connectBus: (onMessage: OnBusMessage) => Bus;
}

/** Delivers a message to all members, here and at the other replicas. */
export class RoomRelay<Received extends Datagram> {
  readonly #options: RoomRelayOptions<Received>;
  readonly #delivery: Delivery<Member<Received>>;
  /** Deliveries from other replicas have their own queue: nobody here waits behind them. */
  readonly #busDelivery: Delivery<Member<Received>>;
  readonly #bus: Bus;
  #isClosed = false;

  constructor(options: RoomRelayOptions<Received>) {
    this.#options = options;
    const give = ({ contact }: Member<Received>, message: Uint8Array): void => options.channel.copy(contact, message);
    this.#delivery = createDelivery({ give });
    this.#busDelivery = createDelivery({ give });
    this.#bus = options.connectBus((message) => this.#fromBus(message));
  }

  /**
   * Sends a message to all but its author.
   *
   * @returns How many members are here; `undefined` when too much waits already, and then it is not sent.
   */
  toAll(message: Uint8Array, author: number): number | undefined {
    const receivers = this.#deliver(this.#delivery, message, author);
    if (receivers !== undefined) this.#bus.publish(message);
    return receivers;
  }

  /** Stops taking messages from other replicas. */
  close(): void {
    this.#isClosed = true;
  }

  /** Resolves once everything that waits is sent; the rest when the signal aborts counts as lost. */
  async delivered(signal: AbortSignal): Promise<void> {
    const lost = await Promise.all([this.#delivery, this.#busDelivery].map((delivery) => delivery.delivered(signal)));
    for (const copies of lost) this.#options.channel.lost(copies);
  }

  #deliver(delivery: Delivery<Member<Received>>, message: Uint8Array, author: number): number | undefined {
    const { members } = this.#options;
    // Checked before the list is made, so that a refusal is cheap, however many members there are.
    if (!delivery.hasRoomFor(members.keptCount)) return undefined;
    const receivers = members.list();
    delivery.deliver(message, author, receivers);
    return receivers.length;
  }

  /** Handles a message of another replica; false when it is invalid, or there is no room for it. */
  #fromBus(message: Uint8Array): boolean {
    const { members, copies, channel } = this.#options;
    const author = this.#isClosed ? undefined : authorOf(message);
    if (author === undefined || !this.#busDelivery.hasRoomFor(members.keptCount)) return false;
    const isOfOperator = author === OPERATOR;
    if (!isOfOperator && !copies.takeAuthor(author, message.length, members.keptCount, channel.now())) return false;
    // A copy: the message is part of a larger read, all of which would be kept while it waits.
    return this.#deliver(this.#busDelivery, Uint8Array.from(message), author) !== undefined;
  }
}
