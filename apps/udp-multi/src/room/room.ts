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
import { OPERATOR } from './bus/author.ts';
import { createCopyRates } from './copy-rates.ts';
import { hasKey, Members, NETWORK_ADDRESSES } from './members.ts';
import { roomAudience } from './room-audience.ts';
import { RoomRelay } from './room-relay.ts';
import { createRoomScreen } from './room-screen.ts';
import type { DropReason } from '../gate/drop-reasons.ts';
import type { Audience, KnownPeer } from '../operator/audience.ts';
import type { CommandConsole } from '../operator/console.ts';
import type { Peer } from '../peers.ts';
import type { Datagram, Channel, Session } from '../sessions/session.ts';
import type { Bus, OnBusMessage } from './bus/bus.ts';
import type { CookieJar } from './cookie.ts';
import type { CopyRates } from './copy-rates.ts';
import type { Member, MemberLimits } from './members.ts';
import type { RoomScreen } from './room-screen.ts';

/** Options of {@link room}. */
export interface RoomOptions extends MemberLimits {
  /** Whether members receive each other's messages, or only the operator does. */
  readonly relays: boolean;
  readonly cookies: CookieJar;
  /**
   * Copies per second of what the members of one address say, counted in units of 512 bytes, unless it is trusted; four times as
   * many for one network.
   */
  readonly rateMember: number;
  /** The bus to the other replicas. */
  readonly connectBus: (onMessage: OnBusMessage) => Bus;
  /** Milliseconds since 1970: the clock that replicas share. */
  readonly timeOfDay: () => number;
  /** Where an operator listens and announces. */
  readonly console?: CommandConsole | undefined;
}

/** The result of one message of a datagram: an answer, nothing to send, or why it counts as dropped. */
type Handled = Uint8Array | 'taken' | DropReason;

/**
 * A room of peers that proved their addresses with a cookie: what one says, all others receive, and the operator
 * reaches all. Layouts and sequence: `wire.ts`. Peers that have not joined get an answer no longer than their
 * datagram, or none.
 */
export function room<Received extends Datagram>(channel: Channel<Received>, options: RoomOptions): Session<Received> {
  return new RoomSession(channel, options);
}

class RoomSession<Received extends Datagram> implements Session<Received> {
  readonly #channel: Channel<Received>;
  readonly #options: RoomOptions;
  readonly #members: Members<Received>;
  readonly #copies: CopyRates;
  readonly #relay: RoomRelay<Received>;
  readonly #screen: RoomScreen;

  constructor(channel: Channel<Received>, options: RoomOptions) {
    this.#channel = channel;
    this.#options = options;
    this.#screen = createRoomScreen(options.console, () => channel.now());
    this.#members = new Members(channel, options, (of) => this.#screen.createWindow(of));
    this.#copies = createCopyRates(options.rateMember, NETWORK_ADDRESSES);
    this.#relay = new RoomRelay({ channel, members: this.#members, copies: this.#copies, connectBus: options.connectBus });
    if (options.console !== undefined) void this.#followOperator(options.console);
  }

  receive(datagram: Received): void {
    const messages = wholeMessages(envelope, datagram.payload, MAX_ROOM_MESSAGES);
    if (messages === undefined || messages.length === 0 || handshakesIn(messages) > 1) {
      this.#channel.drop(datagram, 'malformed');
      return;
    }
    const answers: Uint8Array[] = [];
    let fault: DropReason | undefined;
    for (const { header, payload } of messages) {
      const handled = this.#handle(datagram, header.type, payload);
      if (handled instanceof Uint8Array) answers.push(handled);
      else if (handled !== 'taken') fault = handled;
      if (fault !== undefined) break;
    }
    if (answers.length > 0) this.#channel.reply(datagram, Buffer.concat(answers));
    else if (fault === undefined) this.#channel.take(datagram);
    else this.#channel.drop(datagram, fault);
  }

  /** Members are not notified: a peer that receives nothing any more joins again, at another replica if there is one. */
  close(): void {
    this.#relay.close();
  }

  delivered(signal: AbortSignal): Promise<void> {
    return this.#relay.delivered(signal);
  }

  /** It is a single message of a member, with its key. Of several, the others could be anything: they count as unproven. */
  vouchesFor(payload: Uint8Array, peer: Peer): boolean {
    const type = typeOfOne(payload);
    if (type !== TYPE.say && type !== TYPE.leave) return false;
    const member = this.#members.get(peer);
    return member !== undefined && hasKey(payload.subarray(MESSAGE_HEADER_BYTES), member.key);
  }

  peers(): readonly KnownPeer[] {
    return this.#members.known();
  }

  memberCount(): number {
    return this.#members.list().length;
  }

  #handle(datagram: Received, type: number, body: Uint8Array): Handled {
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

  #hello({ peer }: Received, body: Uint8Array): Handled {
    if (body.length !== COOKIE_BYTES) return 'malformed';
    return challenge.encode(this.#options.cookies.bake(peer, this.#options.timeOfDay()));
  }

  #join(datagram: Received, body: Uint8Array): Handled {
    if (body.length < COOKIE_BYTES || body.length > COOKIE_BYTES + MAX_NAME_BYTES) return 'malformed';
    const isProven = this.#options.cookies.check(body.subarray(0, COOKIE_BYTES), datagram.peer, this.#options.timeOfDay());
    if (!isProven) return 'bad-cookie';
    const member = this.#members.join(datagram, Uint8Array.from(body.subarray(COOKIE_BYTES)));
    return typeof member === 'string' ? member : welcome.encode({ header: { member: member.id }, payload: member.key });
  }

  #say(datagram: Received, body: Uint8Array): Handled {
    if (body.length < MEMBER_KEY_BYTES || body.length > MEMBER_KEY_BYTES + MAX_TEXT_BYTES) return 'malformed';
    const member = this.#members.identify(datagram.peer, body);
    if (typeof member === 'string') return member;
    const text = body.subarray(MEMBER_KEY_BYTES);
    this.#members.heard(member);
    const { relays } = this.#options;
    const isLimited = !this.#channel.isProven(datagram);
    const copies = relays ? this.#members.keptCount : 1;
    if (isLimited && !this.#copies.takeMember(member.networks, text.length, copies, this.#channel.now())) return 'rate-member';
    if (relays && !this.#pass(member, text)) return 'room-busy';
    this.#screen.show(member, text);
    return 'taken';
  }

  #pass({ id, name }: Member<Received>, text: Uint8Array): boolean {
    const payload = new Uint8Array(name.length + text.length);
    payload.set(name);
    payload.set(text, name.length);
    return this.#relay.toAll(said.encode({ header: { member: id, nameBytes: name.length }, payload }), id) !== undefined;
  }

  #leave({ peer }: Received, body: Uint8Array): Handled {
    if (body.length !== MEMBER_KEY_BYTES) return 'malformed';
    const member = this.#members.identify(peer, body);
    if (typeof member === 'string') return member;
    this.#members.delete(peer);
    return 'taken';
  }

  async #followOperator(console: CommandConsole): Promise<void> {
    const audience = this.#audience();
    console.actOn(audience);
    for (let line = await console.ask(); line !== undefined; line = await console.ask()) {
      const told = audience.tellAll(line);
      if (typeof told === 'string') console.print(told);
    }
    this.#channel.finish();
  }

  #audience(): Audience {
    return roomAudience({
      list: () => this.peers(),
      members: () => this.#members.list(),
      toOne: (contact, message) => this.#channel.copy(contact, message),
      toAll: (message) => this.#relay.toAll(message, OPERATOR),
      block: (peer) => {
        this.#members.delete(peer);
        return this.#channel.block(peer);
      },
      quit: () => this.#channel.finish(),
    });
  }
}

/** Each takes hashes of its own, and nobody needs two: they would cost many times what the rates count. */
function handshakesIn(messages: readonly { readonly header: { readonly type: number } }[]): number {
  return messages.filter(({ header: { type } }) => type === TYPE.hello || type === TYPE.join).length;
}
