import { randomInt } from 'node:crypto';
import { printable } from '@socklab/service';
import { fanOut } from '../fanout.ts';
import { runCommand } from '../operator-commands.ts';
import { createPeerTable } from '../peer-table.ts';
import { formatPeer, peerName } from '../peers.ts';
import { COOKIE_BYTES } from '../room/cookie.ts';
import { wholeMessages } from '../whole-messages.ts';
import { announce, challenge, envelope, MAX_NAME_BYTES, MAX_TEXT_BYTES, said, TYPE, welcome } from '../wire.ts';
import type { Audience, KnownPeer } from '../audience.ts';
import type { Bus, OnBusMessage } from '../bus/bus.ts';
import type { CommandConsole } from '../command-console.ts';
import type { DropReason } from '../drop-reasons.ts';
import type { PeerTable } from '../peer-table.ts';
import type { CookieJar } from '../room/cookie.ts';
import type { PeerLimits } from './acquaintances.ts';
import type { Datagram, Exchange, Session } from './session.ts';

/** Options of {@link room}. */
export interface RoomOptions {
  /** Whether members hear each other, or the operator only hears them. */
  readonly relays: boolean;
  readonly cookies: CookieJar;
  readonly peers: PeerLimits;
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
  readonly contact: Received;
  datagramsIn: number;
}

/** What one message of a datagram led to: an answer, an end in silence, or a fault. */
type Outcome = Uint8Array | 'taken' | DropReason;

const NOTHING = new Uint8Array(0);

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
  readonly #bus: Bus;
  #lastNumber = 0;

  constructor(exchange: Exchange<Received>, options: RoomOptions) {
    this.#exchange = exchange;
    this.#options = options;
    this.#members = createPeerTable({ ...options.peers });
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
    const member = this.#admit(datagram, Uint8Array.from(body.subarray(COOKIE_BYTES)));
    return welcome.encode({ header: { member: member.id }, payload: NOTHING });
  }

  /** A member that joins again keeps its number. */
  #admit(datagram: Received, name: Uint8Array): Member<Received> {
    const [key, now] = [peerName(datagram.peer), this.#exchange.now()];
    const known = this.#members.get(key, now);
    this.#lastNumber += known === undefined ? 1 : 0;
    const member: Member<Received> = {
      // Random, so that two replicas do not give the same one: 0 is nobody.
      id: known?.id ?? randomInt(1, 2 ** 32),
      number: known?.number ?? this.#lastNumber,
      name,
      contact: { ...datagram, payload: NOTHING, messages: undefined },
      datagramsIn: known?.datagramsIn ?? 0,
    };
    this.#members.put(key, member, now);
    return member;
  }

  #say({ peer }: Received, text: Uint8Array): Outcome {
    if (text.length > MAX_TEXT_BYTES) return 'malformed';
    const [key, now] = [peerName(peer), this.#exchange.now()];
    const member = this.#members.get(key, now);
    if (member === undefined) return 'not-joined';
    member.datagramsIn += 1;
    this.#members.put(key, member, now);
    this.#options.console?.print(`${formatPeer(peer)} ${printable(member.name)}: ${printable(text)}`);
    if (this.#options.relays) this.#relay(member, text);
    return 'taken';
  }

  #relay({ id, name }: Member<Received>, text: Uint8Array): void {
    const payload = new Uint8Array(name.length + text.length);
    payload.set(name);
    payload.set(text, name.length);
    this.#deliver(said.encode({ header: { member: id, nameBytes: name.length }, payload }), id, 'everywhere');
  }

  #leave({ peer }: Received, body: Uint8Array): Outcome {
    if (body.length > 0) return 'malformed';
    return this.#members.delete(peerName(peer)) ? 'taken' : 'not-joined';
  }

  #deliver(message: Uint8Array, author: number, where: 'here' | 'everywhere'): number {
    const given = fanOut(this.#members.entries(this.#exchange.now()), author, ({ contact }) => this.#exchange.copy(contact, message));
    if (where === 'everywhere') this.#bus.publish(message);
    return given;
  }

  /** Another replica's words; false for what no replica would send. */
  #fromBus(message: Uint8Array): boolean {
    const saying = wholeMessages(said, message);
    const isAnnounced = wholeMessages(announce, message)?.length === 1;
    if (saying?.length !== 1 && !isAnnounced) return false;
    this.#deliver(message, saying?.[0]?.header.member ?? 0, 'here');
    return true;
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
        return typeof message === 'string' ? message : this.#deliver(message, 0, 'everywhere');
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
