import { FrameError } from '@socklab/framing';
import { createPeerTable } from '../gate/peer-table.ts';
import { peerName } from '../peers.ts';
import type { Audience, KnownPeer } from '../operator/audience.ts';
import type { Datagram, Channel } from './session.ts';

/** How many peers are remembered, and for how long. */
export interface PeerLimits {
  readonly max: number;
  readonly ttlMs: number;
}

/** Peers that recently wrote to the operator. */
export interface KnownPeers<Received extends Datagram> extends Audience {
  heard(datagram: Received): void;
}

interface Remembered<Received extends Datagram> extends KnownPeer {
  /** The way back to the peer; its payload is dropped. */
  readonly contact: Received;
  datagramsIn: number;
}

const NOTHING = new Uint8Array(0);

/** Makes the {@link KnownPeers} of an operator; `encode` throws FrameError for a text that cannot be framed. */
export function createKnownPeers<Received extends Datagram>(
  channel: Channel<Received>,
  { max, ttlMs }: PeerLimits,
  encode: (text: string) => Uint8Array,
): KnownPeers<Received> {
  const table = createPeerTable<Remembered<Received>>({ max, ttlMs });
  let lastNumber = 0;
  const meet = (datagram: Received): Remembered<Received> => {
    lastNumber += 1;
    const contact = { ...datagram, payload: NOTHING, messages: undefined };
    return { number: lastNumber, peer: datagram.peer, name: '', datagramsIn: 0, isProven: channel.isProven(datagram), contact };
  };
  const list = (): readonly Remembered<Received>[] => table.entries(channel.now());
  const encoded = (text: string): Uint8Array | string => {
    try {
      return encode(text);
    } catch (error) {
      if (error instanceof FrameError) return error.message;
      throw error;
    }
  };
  return {
    heard(datagram) {
      const [name, now] = [peerName(datagram.peer), channel.now()];
      const known = table.get(name, now) ?? meet(datagram);
      known.datagramsIn += 1;
      table.put(name, known, now);
    },
    list,
    tell(to, text) {
      if (!to.isProven) return 'its address is not proven, so it is sent nothing it did not ask for: answer its datagram instead';
      const known = table.get(peerName(to.peer), channel.now());
      const payload = encoded(text);
      if (known === undefined) return 'it is no longer known';
      if (typeof payload === 'string') return payload;
      channel.copy(known.contact, payload);
      return undefined;
    },
    tellAll(text) {
      const payload = encoded(text);
      if (typeof payload === 'string') return payload;
      const proven = list().filter(({ isProven }) => isProven);
      for (const { contact } of proven) channel.copy(contact, payload);
      return proven.length + channel.announce(payload);
    },
    block: (peer) => channel.block(peer),
    quit: () => channel.finish(),
  };
}
