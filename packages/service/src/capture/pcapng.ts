import { ACK, FIN, PSH, RST, SYN } from './flags.ts';
import { packetWriter } from './packet-writer.ts';
import { datagramPacket, packetOf } from './packet.ts';
import type { CapturedPeer } from './packet.ts';

/** One side of a connection: the client is the one that connected. */
export type CapturedSide = 'client' | 'server';

/** One connection in a capture. */
export interface PcapngConnection {
  /** Records bytes that passed. */
  data(from: CapturedSide, bytes: Uint8Array): void;
  /** Records that this side ended, or was reset. */
  end(from: CapturedSide, how: 'fin' | 'reset'): void;
}

/** Options of {@link pcapng}. */
export interface PcapngOptions {
  /** Takes the parts of the file, in order. */
  readonly write: (bytes: Uint8Array) => void;
  /** The time, in milliseconds since 1970, with fractions. @defaultValue the system's clock */
  readonly now?: () => number;
}

/** A capture in the format of Wireshark. */
export interface Pcapng {
  /** A connection begins. */
  connection(client: CapturedPeer, server: CapturedPeer): PcapngConnection;
  /** Records a datagram of UDP. */
  datagram(from: CapturedPeer, to: CapturedPeer, payload: Uint8Array): void;
}

const LINKTYPE_RAW = 101;
/** What fits into a packet with the longest header. */
const MAX_SEGMENT_BYTES = 65_000;
const DESCRIPTION =
  'bytes, times and addresses are those of a program; handshakes, sequence numbers, acknowledgements and cuts are made up';

/**
 * Writes a capture that Wireshark and tshark open: real times and addresses, and the bytes as a program read or wrote them. What a program cannot see is
 * made up consistently: the handshake, sequence numbers, and one acknowledgement a side. The file says so in the description of its interface.
 */
export function pcapng({ write, now = () => performance.timeOrigin + performance.now() }: PcapngOptions): Pcapng {
  const writer = packetWriter(write);
  writer.describe(LINKTYPE_RAW, DESCRIPTION);
  const packet = (bytes: Buffer): void => writer.packet({ time: now(), linkType: LINKTYPE_RAW, bytes });
  return {
    connection: (client, server) => new Connection(client, server, packet),
    datagram: (from, to, payload) => packet(datagramPacket({ from, to, payload })),
  };
}

class Connection implements PcapngConnection {
  readonly #peers: Readonly<Record<CapturedSide, CapturedPeer>>;
  readonly #packet: (bytes: Buffer) => void;
  /** The number of the byte that each side sends next. */
  readonly #next: Record<CapturedSide, number> = { client: 0, server: 0 };

  constructor(client: CapturedPeer, server: CapturedPeer, packet: (bytes: Buffer) => void) {
    this.#peers = { client, server };
    this.#packet = packet;
    this.#send('client', SYN);
    this.#next.client = 1;
    this.#send('server', SYN | ACK);
    this.#next.server = 1;
    this.#send('client', ACK);
  }

  data(from: CapturedSide, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += MAX_SEGMENT_BYTES) {
      const payload = bytes.subarray(at, at + MAX_SEGMENT_BYTES);
      this.#send(from, PSH | ACK, payload);
      this.#next[from] += payload.length;
    }
  }

  end(from: CapturedSide, how: 'fin' | 'reset'): void {
    if (how === 'reset') {
      this.#send(from, RST | ACK);
      return;
    }
    this.#send(from, FIN | ACK);
    this.#next[from] += 1;
    this.#send(otherOf(from), ACK);
  }

  #send(from: CapturedSide, flags: number, payload: Uint8Array = new Uint8Array(0)): void {
    const other = otherOf(from);
    const acknowledged = (flags & ACK) === 0 ? 0 : this.#next[other];
    this.#packet(packetOf({ from: this.#peers[from], to: this.#peers[other], sequence: this.#next[from], acknowledged, flags, payload }));
  }
}

function otherOf(side: CapturedSide): CapturedSide {
  return side === 'client' ? 'server' : 'client';
}
