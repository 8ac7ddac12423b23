import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { createLogWindow, createTokenBucket, prefixOf, printable } from '@socklab/service';
import { runCommand } from '../operator-commands.ts';
import { createPeerTable } from '../peer-table.ts';
import { formatPeer, peerName } from '../peers.ts';
import { COOKIE_BYTES } from '../room/cookie.ts';
import { createDelivery } from '../room/delivery.ts';
import { wholeMessages } from '../whole-messages.ts';
import {
  announce,
  challenge,
  envelope,
  MAX_NAME_BYTES,
  MAX_TEXT_BYTES,
  MEMBER_KEY_BYTES,
  MESSAGE_HEADER_BYTES,
  said,
  TYPE,
  welcome,
} from '../wire.ts';
import type { Audience, KnownPeer } from '../audience.ts';
import type { Bus, OnBusMessage } from '../bus/bus.ts';
import type { CommandConsole } from '../command-console.ts';
import type { DropReason } from '../drop-reasons.ts';
import type { PeerTable } from '../peer-table.ts';
import type { LogWindow, TokenBucket } from '@socklab/service';
import type { CookieJar } from '../room/cookie.ts';
import type { Delivery } from '../room/delivery.ts';
import type { Peer } from '../peers.ts';
import type { PeerLimits } from './acquaintances.ts';
import type { Datagram, Exchange, Session } from './session.ts';

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
  /** Copies of what a member says that are sent in a second, of 512 bytes each or part of that, unless it is trusted. */
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
  /** The network of its address. */
  readonly network: string;
  readonly budget: TokenBucket;
  /** Lets its lines onto the operator's screen. */
  readonly screen: LogWindow;
  datagramsIn: number;
}

/** What one message of a datagram led to: an answer, an end in silence, or a fault. */
type Outcome = Uint8Array | 'taken' | DropReason;

const NOTHING = new Uint8Array(0);

/** What one copy of a message counts for: so many bytes, or part of them. */
const COPY_BYTES = 512;

/** Lines of one member that the operator is shown in so long: more nobody reads, and they would hide what others say. */
const SCREEN_LINES = 100;
const SCREEN_WINDOW_MS = 1000;

/** The members of a network may be so many times those of one address. */
const NETWORK_ADDRESSES = 4;
// As the rates have it: whoever has one address of such a network can take the others.
const IPV4_NETWORK_BITS = 24;

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
  readonly #bus: Bus;
  #lastNumber = 0;

  constructor(exchange: Exchange<Received>, options: RoomOptions) {
    this.#exchange = exchange;
    this.#options = options;
    this.#members = createPeerTable({ ...options.peers });
    this.#delivery = createDelivery({ give: ({ contact }, message) => exchange.copy(contact, message) });
    this.#bus = options.connectBus((message) => this.#fromBus(message));
    if (options.console !== undefined) void this.#followOperator(options.console);
  }

  receive(datagram: Received): void {
    const messages = wholeMessages(envelope, datagram.payload);
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
  close(): void {}

  async delivered(signal: AbortSignal): Promise<void> {
    this.#exchange.lost(await this.#delivery.delivered(signal));
  }

  /** Its first message is of a member, and has its key. */
  vouchesFor(payload: Uint8Array, peer: Peer): boolean {
    const type = payload[2];
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
    return [...this.#members.entries(this.#exchange.now())];
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
    const { membersPerIp, peers } = this.#options;
    const members = this.#memberList();
    if (members.length >= peers.max) return 'room-full';
    if (membersPerIp === 0 || this.#exchange.isProven(datagram)) return undefined;
    const { address } = datagram.peer;
    const network = this.#networkOf(address);
    const sameAddress = members.filter(({ contact }) => contact.peer.address === address).length;
    const sameNetwork = members.filter((member) => member.network === network).length;
    return sameAddress >= membersPerIp || sameNetwork >= membersPerIp * NETWORK_ADDRESSES ? 'members-per-ip' : undefined;
  }

  #networkOf(address: string): string {
    return prefixOf(address, IPV4_NETWORK_BITS, this.#options.ipv6Prefix);
  }

  /** A member that joins again keeps its number, its key and its budget. */
  #memberOf(datagram: Received, name: Uint8Array, known: Member<Received> | undefined): Member<Received> {
    this.#lastNumber += known === undefined ? 1 : 0;
    const { rateMember } = this.#options;
    return {
      // Random, so that two replicas do not give the same one: 0 is nobody.
      id: known?.id ?? randomInt(1, 2 ** 32),
      number: known?.number ?? this.#lastNumber,
      name,
      key: known?.key ?? Uint8Array.from(randomBytes(MEMBER_KEY_BYTES)),
      contact: { ...datagram, payload: NOTHING, messages: undefined },
      network: this.#networkOf(datagram.peer.address),
      budget: known?.budget ?? createTokenBucket({ ratePerSecond: rateMember }),
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
    if (!this.#exchange.isProven(datagram) && !this.#takeBudget(member, text.length, relays ? this.#members.size : 1)) return 'rate-member';
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

  /** A message for more members than the budget of a second has copies takes the whole second. */
  #takeBudget({ budget }: Member<Received>, textBytes: number, receivers: number): boolean {
    const copies = receivers * Math.max(1, Math.ceil(textBytes / COPY_BYTES));
    return budget.take(this.#exchange.now(), Math.min(copies, Math.max(1, this.#options.rateMember)));
  }

  #relay({ id, name }: Member<Received>, text: Uint8Array): boolean {
    const payload = new Uint8Array(name.length + text.length);
    payload.set(name);
    payload.set(text, name.length);
    return this.#deliver(said.encode({ header: { member: id, nameBytes: name.length }, payload }), id, 'everywhere') !== undefined;
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
  #deliver(message: Uint8Array, author: number, where: 'here' | 'everywhere'): number | undefined {
    const given = this.#delivery.deliver(message, author, this.#memberList());
    if (given !== undefined && where === 'everywhere') this.#bus.publish(message);
    return given;
  }

  /** Another replica's words; false for what no replica would send, and for what there is no room for. */
  #fromBus(message: Uint8Array): boolean {
    const author = authorOf(message);
    return author !== undefined && this.#deliver(message, author, 'here') !== undefined;
  }

  async #followOperator(console: CommandConsole): Promise<void> {
    const audience = this.#audience();
    console.onCommand((line) => console.print(runCommand(line, audience)));
    for (let line = await console.ask(); line !== undefined; line = await console.ask()) {
      const told = audience.tellAll(line);
      if (typeof told === 'string') console.print(told);
    }
    this.#exchange.finish();
  }

  #audience(): Audience {
    return {
      list: () => this.peers(),
      tell: ({ number }, text) => {
        const member = this.#memberList().find((each) => each.number === number);
        const message = announcement(text);
        if (member === undefined) return 'it is no member any more';
        if (typeof message === 'string') return message;
        this.#exchange.copy(member.contact, message);
        return undefined;
      },
      tellAll: (text) => {
        const message = announcement(text);
        if (typeof message === 'string') return message;
        return this.#deliver(message, 0, 'everywhere') ?? 'not sent: too much waits to be sent already';
      },
      block: (peer) => {
        this.#members.delete(peerName(peer));
        return this.#exchange.block(peer);
      },
      quit: () => this.#exchange.finish(),
    };
  }
}

function announcement(text: string): Uint8Array | string {
  const payload = Buffer.from(text);
  if (payload.length <= MAX_TEXT_BYTES) return announce.encode(payload);
  return `a text of ${payload.length} bytes, allowed are ${MAX_TEXT_BYTES}`;
}

/** Who said what came over the bus, 0 for the operator of a replica; `undefined` for anything that no replica would send. */
function authorOf(message: Uint8Array): number | undefined {
  const announced = wholeMessages(announce, message);
  if (announced?.length === 1) return announced[0]!.length <= MAX_TEXT_BYTES ? 0 : undefined;
  const saying = wholeMessages(said, message);
  if (saying?.length !== 1) return undefined;
  const { header, payload } = saying[0]!;
  const textBytes = payload.length - header.nameBytes;
  const isWhole = header.nameBytes <= MAX_NAME_BYTES && textBytes >= 0 && textBytes <= MAX_TEXT_BYTES;
  return isWhole && header.member !== 0 ? header.member : undefined;
}

/** Whether a message begins with the key. Takes the same time, whatever differs. */
function hasKey(body: Uint8Array, key: Uint8Array): boolean {
  return body.length >= MEMBER_KEY_BYTES && timingSafeEqual(body.subarray(0, MEMBER_KEY_BYTES), key);
}
