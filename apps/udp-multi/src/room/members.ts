import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { MEMBER_KEY_BYTES } from '@socklab/client/room';
import { printable } from '@socklab/service';
import { createPeerTable } from '../gate/peer-table.ts';
import { networksOf } from '../gate/rates.ts';
import { formatPeer, peerName } from '../peers.ts';
import type { DropReason } from '../gate/drop-reasons.ts';
import type { PeerTable } from '../gate/peer-table.ts';
import type { Networks } from '../gate/rates.ts';
import type { KnownPeer } from '../operator/audience.ts';
import type { Peer } from '../peers.ts';
import type { PeerLimits } from '../sessions/known-peers.ts';
import type { Datagram, Channel } from '../sessions/session.ts';
import type { LogWindow } from '@socklab/service';

/** Limits of the members. */
export interface MemberLimits {
  readonly peers: PeerLimits;
  /** Members of one address, unless it is trusted; four times as many of one network. 0: no limit. */
  readonly membersPerIp: number;
  /** The length of the IPv6 prefixes that may have four times as many, 1 to 128. */
  readonly ipv6Prefix: number;
}

/** A peer that has joined. */
export interface Member<Received extends Datagram> {
  /** Random, so that two replicas do not use the same one; never 0, which means nobody. */
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

/** A network may have this many times the members and copies of one address. */
export const NETWORK_ADDRESSES = 4;

const NOTHING = new Uint8Array(0);

/** The members of a room. A member that is silent for longer than `ttlMs` has left. */
export class Members<Received extends Datagram> {
  readonly #channel: Pick<Channel<Received>, 'now' | 'isProven'>;
  readonly #limits: MemberLimits;
  readonly #createScreen: (of: string) => LogWindow;
  readonly #table: PeerTable<Member<Received>>;
  #lastNumber = 0;

  constructor(channel: Pick<Channel<Received>, 'now' | 'isProven'>, limits: MemberLimits, createScreen: (of: string) => LogWindow) {
    this.#channel = channel;
    this.#limits = limits;
    this.#createScreen = createScreen;
    this.#table = createPeerTable({ ...limits.peers });
  }

  /** The number of entries, including expired ones: cheap, and never too low. */
  get keptCount(): number {
    return this.#table.size;
  }

  list(): readonly Member<Received>[] {
    return this.#table.entries(this.#channel.now());
  }

  get(peer: Peer): Member<Received> | undefined {
    return this.#table.get(peerName(peer), this.#channel.now());
  }

  delete(peer: Peer): void {
    this.#table.delete(peerName(peer));
  }

  /** The member of this address whose key the message has, or why there is none. */
  identify(peer: Peer, body: Uint8Array): Member<Received> | Extract<DropReason, 'not-joined' | 'bad-key'> {
    const member = this.get(peer);
    if (member === undefined) return 'not-joined';
    return hasKey(body, member.key) ? member : 'bad-key';
  }

  /** Counts a message of a member, which restarts its time. */
  heard(member: Member<Received>): void {
    member.datagramsIn += 1;
    this.#table.put(peerName(member.contact.peer), member, this.#channel.now());
  }

  /** Adds a peer that has proven its address, or says why there is no room. A member that joins again keeps its number and its key. */
  join(datagram: Received, name: Uint8Array): Member<Received> | DropReason {
    const known = this.get(datagram.peer);
    const refusal = known === undefined ? this.#refusal(datagram) : undefined;
    if (refusal !== undefined) return refusal;
    this.#lastNumber += known === undefined ? 1 : 0;
    const networks = networksOf(datagram.peer.address, this.#limits.ipv6Prefix);
    const member: Member<Received> = {
      id: known?.id ?? randomInt(1, 2 ** 32),
      number: known?.number ?? this.#lastNumber,
      name,
      key: known?.key ?? Uint8Array.from(randomBytes(MEMBER_KEY_BYTES)),
      contact: { ...datagram, payload: NOTHING, messages: undefined },
      networks,
      screen: known?.screen ?? this.#screenOf(datagram, networks),
      datagramsIn: known?.datagramsIn ?? 0,
    };
    this.#table.put(peerName(datagram.peer), member, this.#channel.now());
    return member;
  }

  /** As the operator sees them. */
  known(): readonly KnownPeer[] {
    return this.list().map(({ number, contact, name, datagramsIn }) => ({
      number,
      peer: contact.peer,
      name: printable(name),
      datagramsIn,
      isProven: true,
    }));
  }

  /** Its own where its address is trusted; the members of another one share theirs, however many they are. */
  #screenOf(datagram: Received, { host }: Networks): LogWindow {
    if (this.#channel.isProven(datagram)) return this.#createScreen(formatPeer(datagram.peer));
    return this.list().find(({ networks }) => networks.host === host)?.screen ?? this.#createScreen(datagram.peer.address);
  }

  /** Why there is no room for one more member. Nobody is evicted: members have proven their addresses too. */
  #refusal(datagram: Received): DropReason | undefined {
    const { membersPerIp, peers, ipv6Prefix } = this.#limits;
    if (this.#table.count(this.#channel.now()) >= peers.max) return 'room-full';
    if (membersPerIp === 0 || this.#channel.isProven(datagram)) return undefined;
    const members = this.list();
    const { host, prefix } = networksOf(datagram.peer.address, ipv6Prefix);
    const sameHost = members.filter(({ networks }) => networks.host === host).length;
    const samePrefix = members.filter(({ networks }) => networks.prefix === prefix).length;
    return sameHost >= membersPerIp || samePrefix >= membersPerIp * NETWORK_ADDRESSES ? 'members-per-ip' : undefined;
  }
}

/** Whether a message begins with the key. Constant time. */
export function hasKey(body: Uint8Array, key: Uint8Array): boolean {
  return body.length >= MEMBER_KEY_BYTES && timingSafeEqual(body.subarray(0, MEMBER_KEY_BYTES), key);
}
