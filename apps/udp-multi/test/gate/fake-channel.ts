import { createLogger } from '@socklab/service';
import { captureLog } from '@socklab/testkit';
import type { Peer } from '../../src/peers.ts';
import type { Datagram, Channel } from '../../src/sessions/session.ts';

/** An channel that sends nothing and keeps what it is told, as `PORT WHAT`. */
export interface FakeChannel extends Channel {
  readonly replies: { readonly port: number; readonly payload: Uint8Array }[];
  readonly copies: { readonly port: number; readonly payload: Uint8Array }[];
  readonly ends: string[];
  readonly announced: Uint8Array[];
  nowMs: number;
  isFinished: boolean;
}

/** Makes a {@link FakeChannel}. */
export function fakeChannel(overrides: Partial<Channel> = {}): FakeChannel {
  const fake: FakeChannel = {
    replies: [],
    copies: [],
    ends: [],
    announced: [],
    nowMs: 0,
    isFinished: false,
    log: createLogger({ app: 'test', destination: captureLog().destination }),
    limit: () => 65_507,
    isProven: () => true,
    reply: ({ peer: { port } }, payload) => fake.replies.push({ port, payload }),
    ignore: ({ peer: { port } }) => fake.ends.push(`${port} ignored`),
    take: ({ peer: { port } }) => fake.ends.push(`${port} taken`),
    drop: ({ peer: { port } }, reason) => fake.ends.push(`${port} ${reason}`),
    copy: ({ peer: { port } }, payload) => fake.copies.push({ port, payload }),
    lost: () => undefined,
    announce: (payload) => fake.announced.push(payload),
    block: () => true,
    waiting: () => undefined,
    now: () => fake.nowMs,
    finish: () => (fake.isFinished = true),
    ...overrides,
  };
  return fake;
}

/** A peer of documentation addresses. */
export function peerAt(port: number, address: string = '192.0.2.1'): Peer {
  return { address, port, family: address.includes(':') ? 'IPv6' : 'IPv4' };
}

/** A datagram from {@link peerAt}. */
export function datagram(port: number, payload: string | Uint8Array): Datagram {
  return { payload: Buffer.from(payload), peer: peerAt(port) };
}
