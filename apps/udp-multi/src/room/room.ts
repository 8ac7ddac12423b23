import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import {
  COOKIE_BYTES,
  wholeMessages,
  challenge,
  envelope,
  MAX_ROOM_MESSAGES,
  MAX_NAME_BYTES,
  MAX_TEXT_BYTES,
  MEMBER_KEY_BYTES,
  MESSAGE_HEADER_BYTES,
  said,
  TYPE,
  typeOfOne,
  welcome,
} from '@socklab/client/room';
import { createLogWindow, printable } from '@socklab/service';
import { createPeerTable } from '../gate/peer-table.ts';
import { networksOf } from '../gate/rates.ts';
import { formatPeer, peerName } from '../peers.ts';
import { authorOf, OPERATOR } from './bus/author.ts';
import { createCopyRates } from './copy-rates.ts';
import { createDelivery } from './delivery.ts';
import { roomAudience } from './room-audience.ts';
import type { DropReason } from '../gate/drop-reasons.ts';
import type { PeerTable } from '../gate/peer-table.ts';
import type { Networks } from '../gate/rates.ts';
import type { Audience, KnownPeer } from '../operator/audience.ts';
import type { CommandConsole } from '../operator/console.ts';
import type { Peer } from '../peers.ts';
import type { PeerLimits } from '../sessions/acquaintances.ts';
import type { Datagram, Exchange, Session } from '../sessions/session.ts';
import type { Bus, OnBusMessage } from './bus/bus.ts';
import type { CookieJar } from './cookie.ts';
import type { CopyRates } from './copy-rates.ts';
import type { Delivery } from './delivery.ts';
import type { LogWindow } from '@socklab/service';

/** Options of {@link room}. */
export interface RoomOptions {
  /** Whether members hear each other, or the operator only hears them. */
  readonly relays: boolean;
  readonly cookies: CookieJar;
  readonly peers: PeerLimits;
  /** Members of one address, unless it is trusted; four times as many of one network. 0: any number. */
  readonly membersPerIp: number;
  /** The length of the IPv6 networks that may have four times as many, 1 to 128. */
  readonly ipv6Prefix: number;
  /**
   * Copies of what the members of one address say that are sent in a second, of 512 bytes each or part of that, unless it is trusted;
   * four times as many for one network.
   */
  readonly rateMember: number;
  /** Leads to the other replicas. */
  readonly connectBus: (onMessage: OnBusMessage) => Bus;
  /** Milliseconds since 1970: the clock that replicas share. */
  readonly timeOfDay: () => number;
  /** Where an operator hears and announces. */
  readonly console?: CommandConsole | undefined;
}

interface Member<Received extends Datagram> {
  readonly id: number;
  readonly number: number;
  readonly name: Uint8Array;
  /** Proves that a message is its own. */
  readonly key: Uint8Array;
  readonly contact: Received;
  readonly networks: Networks;
  /** Lets its lines onto the operator's screen. */
  readonly screen: LogWindow;
  datagramsIn: number;
}

/** What one message of a datagram led to: an answer, an end in silence, or a fault. */
type Outcome = Uint8Array | 'taken' | DropReason;

const NOTHING = new Uint8Array(0);

/** Lines of one member that the operator is shown in so long: more nobody reads, and they would hide what others say. */
const SCREEN_LINES = 100;
const SCREEN_WINDOW_MS = 1000;

/** A network may have so many times the members of one address, and cause so many times the copies. */
const NETWORK_ADDRESSES = 4;

/**
 * A room of peers that proved their addresses with a cookie: what one says, the others hear, and all hear the operator.
 * Layouts and sequence: `wire.ts`. Whoever did not join gets an answer no longer than its question, or none.
 */
export function room<Received extends Datagram>(exchange: Exchange<Received>, options: RoomOptions): Session<Received> {
  return new RoomSession(exchange, options);
}

class RoomSession<Received extends Datagram> implements Session<Received> {
  readonly #exchange: Exchange<Received>;
  readonly #options: RoomOptions;
  readonly #members: PeerTable<Member<Received>>;
  readonly #delivery: Delivery<Member<Received>>;
  /** What other replicas give: however much that is, nobody here waits behind it. */
  readonly #busDelivery: Delivery<Member<Received>>;
  readonly #bus: Bus;
  readonly #copies: CopyRates;
  #lastNumber = 0;
  #isClosed = false;

  constructor(exchange: Exchange<Received>, options: RoomOptions) {
    this.#exchange = exchange;
    this.#options = options;
    this.#members = createPeerTable({ ...options.peers });
    this.#copies = createCopyRates(options.rateMember, NETWORK_ADDRESSES);
    const give = ({ contact }: Member<Received>, message: Uint8Array): void => exchange.copy(contact, message);
    this.#delivery = createDelivery({ give });
    this.#busDelivery = createDelivery({ give });
    this.#bus = options.connectBus((message) => this.#fromBus(message));
    if (options.console !== undefined) void this.#followOperator(options.console);
  }

  receive(datagram: Received): void {
    const messages = wholeMessages(envelope, datagram.payload, MAX_ROOM_MESSAGES);
    if (messages === undefined || messages.length === 0) {
      this.#exchange.drop(datagram, 'malformed');
      return;
    }
    const answers: Uint8Array[] = [];
    let fault: DropReason | undefined;
    for (const { header, payload } of messages) {
      const outcome = this.#handle(datagram, header.type, payload);
      if (outcome instanceof Uint8Array) answers.push(outcome);
      else if (outcome !== 'taken') fault = outcome;
      if (fault !== undefined) break;
    }
    if (answers.length > 0) this.#exchange.reply(datagram, Buffer.concat(answers));
    else if (fault === undefined) this.#exchange.take(datagram);
    else this.#exchange.drop(datagram, fault);
  }

  /** Members are told nothing: who hears no more joins again, and finds another replica, or nobody. */
  close(): void {
    this.#isClosed = true;
  }

  async delivered(signal: AbortSignal): Promise<void> {
    const lost = await Promise.all([this.#delivery, this.#busDelivery].map((delivery) => delivery.delivered(signal)));
    for (const copies of lost) this.#exchange.lost(copies);
  }

  /** It is one message of a member, and has its key. Of several, others could be anything: they count as anybody's. */
  vouchesFor(payload: Uint8Array, peer: Peer): boolean {
    const type = typeOfOne(payload);
    if (type !== TYPE.say && type !== TYPE.leave) return false;
    const member = this.#members.get(peerName(peer), this.#exchange.now());
    return member !== undefined && hasKey(payload.subarray(MESSAGE_HEADER_BYTES), member.key);
  }

  peers(): readonly KnownPeer[] {
    return this.#memberList().map(({ number, contact, name, datagramsIn }) => ({
      number,
      peer: contact.peer,
      name: printable(name),
      datagramsIn,
      isProven: true,
    }));
  }

  memberCount(): number {
    return this.#memberList().length;
  }

  #memberList(): readonly Member<Received>[] {
    return this.#members.entries(this.#exchange.now());
  }

  #handle(datagram: Received, type: number, body: Uint8Array): Outcome {
    switch (type) {
      case TYPE.hello:
        return this.#hello(datagram, body);
      case TYPE.join:
        return this.#join(datagram, body);
      case TYPE.say:
        return this.#say(datagram, body);
      case TYPE.leave:
        return this.#leave(datagram, body);
      default:
        return 'malformed';
    }
  }

  #hello({ peer }: Received, body: Uint8Array): Outcome {
    if (body.length !== COOKIE_BYTES) return 'malformed';
    return challenge.encode(this.#options.cookies.bake(peer, this.#options.timeOfDay()));
  }

  #join(datagram: Received, body: Uint8Array): Outcome {
    if (body.length < COOKIE_BYTES || body.length > COOKIE_BYTES + MAX_NAME_BYTES) return 'malformed';
    const isProven = this.#options.cookies.check(body.subarray(0, COOKIE_BYTES), datagram.peer, this.#options.timeOfDay());
    if (!isProven) return 'bad-cookie';
    const [name, now] = [peerName(datagram.peer), this.#exchange.now()];
    const known = this.#members.get(name, now);
    const refusal = known === undefined ? this.#refusal(datagram) : undefined;
    if (refusal !== undefined) return refusal;
    const member = this.#memberOf(datagram, Uint8Array.from(body.subarray(COOKIE_BYTES)), known);
    this.#members.put(name, member, now);
    return welcome.encode({ header: { member: member.id }, payload: member.key });
  }

  /** Why there is no place for one more member. Nobody has to make room: members have proven themselves too. */
  #refusal(datagram: Received): DropReason | undefined {
    const { membersPerIp, peers, ipv6Prefix } = this.#options;
    const members = this.#memberList();
    if (members.length >= peers.max) return 'room-full';
    if (membersPerIp === 0 || this.#exchange.isProven(datagram)) return undefined;
    const { host, prefix } = networksOf(datagram.peer.address, ipv6Prefix);
    const sameHost = members.filter(({ networks }) => networks.host === host).length;
    const samePrefix = members.filter(({ networks }) => networks.prefix === prefix).length;
    return sameHost >= membersPerIp || samePrefix >= membersPerIp * NETWORK_ADDRESSES ? 'members-per-ip' : undefined;
  }

  /** A member that joins again keeps its number and its key. */
  #memberOf(datagram: Received, name: Uint8Array, known: Member<Received> | undefined): Member<Received> {
    this.#lastNumber += known === undefined ? 1 : 0;
    return {
      // Random, so that two replicas do not give the same one: 0 is nobody.
      id: known?.id ?? randomInt(1, 2 ** 32),
      number: known?.number ?? this.#lastNumber,
      name,
      key: known?.key ?? Uint8Array.from(randomBytes(MEMBER_KEY_BYTES)),
      contact: { ...datagram, payload: NOTHING, messages: undefined },
      networks: networksOf(datagram.peer.address, this.#options.ipv6Prefix),
      screen: known?.screen ?? this.#createScreen(datagram.peer),
      datagramsIn: known?.datagramsIn ?? 0,
    };
  }

  #say(datagram: Received, body: Uint8Array): Outcome {
    if (body.length < MEMBER_KEY_BYTES || body.length > MEMBER_KEY_BYTES + MAX_TEXT_BYTES) return 'malformed';
    const { peer } = datagram;
    const [name, now] = [peerName(peer), this.#exchange.now()];
    const member = this.#members.get(name, now);
    if (member === undefined) return 'not-joined';
    if (!hasKey(body, member.key)) return 'bad-key';
    const text = body.subarray(MEMBER_KEY_BYTES);
    member.datagramsIn += 1;
    this.#members.put(name, member, now);
    const { relays } = this.#options;
    const isLimited = !this.#exchange.isProven(datagram);
    if (isLimited && !this.#copies.takeMember(member.networks, text.length, relays ? this.#members.size : 1, now)) return 'rate-member';
    if (relays && !this.#relay(member, text)) return 'room-busy';
    this.#show(member, text);
    return 'taken';
  }

  #show({ contact, name, screen }: Member<Received>, text: Uint8Array): void {
    const { console } = this.#options;
    if (console === undefined || screen.pass('said') === undefined) return;
    console.print(`${formatPeer(contact.peer)} ${printable(name)}: ${printable(text)}`);
  }

  #createScreen(peer: Peer): LogWindow {
    return createLogWindow({
      windowMs: SCREEN_WINDOW_MS,
      lines: SCREEN_LINES,
      now: () => this.#exchange.now(),
      heldBack: (_, lines) => this.#options.console?.print(`${formatPeer(peer)}: ${lines} more messages that are not shown`),
    });
  }

  #relay({ id, name }: Member<Received>, text: Uint8Array): boolean {
    const payload = new Uint8Array(name.length + text.length);
    payload.set(name);
    payload.set(text, name.length);
    return this.#toAll(said.encode({ header: { member: id, nameBytes: name.length }, payload }), id) !== undefined;
  }

  #leave({ peer }: Received, body: Uint8Array): Outcome {
    if (body.length !== MEMBER_KEY_BYTES) return 'malformed';
    const name = peerName(peer);
    const member = this.#members.get(name, this.#exchange.now());
    if (member === undefined) return 'not-joined';
    if (!hasKey(body, member.key)) return 'bad-key';
    this.#members.delete(name);
    return 'taken';
  }

  /** @returns To how many here; `undefined` when too much waits to be sent already. */
  #toAll(message: Uint8Array, author: number): number | undefined {
    const receivers = this.#deliver(this.#delivery, message, author);
    if (receivers !== undefined) this.#bus.publish(message);
    return receivers;
  }

  #deliver(delivery: Delivery<Member<Received>>, message: Uint8Array, author: number): number | undefined {
    // Asked before the list is made, so that what is refused costs little, however many members there are.
    if (!delivery.hasRoomFor(this.#members.size)) return undefined;
    const members = this.#memberList();
    delivery.deliver(message, author, members);
    return members.length;
  }

  /** Another replica's words; false for what no replica would send, and for what there is no room for. */
  #fromBus(message: Uint8Array): boolean {
    const author = this.#isClosed ? undefined : authorOf(message);
    if (author === undefined || !this.#busDelivery.hasRoomFor(this.#members.size)) return false;
    const isOfOperator = author === OPERATOR;
    if (!isOfOperator && !this.#copies.takeAuthor(author, message.length, this.#members.size, this.#exchange.now())) return false;
    // A copy: what comes is part of a larger read, all of which would be kept while it waits.
    return this.#deliver(this.#busDelivery, Uint8Array.from(message), author) !== undefined;
  }

  async #followOperator(console: CommandConsole): Promise<void> {
    const audience = this.#audience();
    console.actOn(audience);
    for (let line = await console.ask(); line !== undefined; line = await console.ask()) {
      const told = audience.tellAll(line);
      if (typeof told === 'string') console.print(told);
    }
    this.#exchange.finish();
  }

  #audience(): Audience {
    return roomAudience({
      list: () => this.peers(),
      members: () => this.#memberList(),
      toOne: (contact, message) => this.#exchange.copy(contact, message),
      toAll: (message) => this.#toAll(message, OPERATOR),
      block: (peer) => {
        this.#members.delete(peerName(peer));
        return this.#exchange.block(peer);
      },
      quit: () => this.#exchange.finish(),
    });
  }
}

/** Whether a message begins with the key. Takes the same time, whatever differs. */
function hasKey(body: Uint8Array, key: Uint8Array): boolean {
  return body.length >= MEMBER_KEY_BYTES && timingSafeEqual(body.subarray(0, MEMBER_KEY_BYTES), key);
}
