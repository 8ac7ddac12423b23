import { isTrusted } from '../gate/trust.ts';
import { maxPayloadBytes } from '../limits.ts';
import { createDelayQueue } from './impair/delay-queue.ts';
import { createImpairment, isImpaired } from './impair/impairment.ts';
import type { DropReason } from '../gate/drop-reasons.ts';
import type { Neighbors } from '../gate/neighbors.ts';
import type { Trust } from '../gate/trust.ts';
import type { Traffic } from '../metrics.ts';
import type { Peer } from '../peers.ts';
import type { Reports } from '../reports.ts';
import type { Datagram } from '../sessions/session.ts';
import type { Settled, UdpSocket } from '../socket/socket.ts';
import type { ImpairmentOptions } from './impair/impairment.ts';

/** A datagram and the socket that received it, which also sends the answer. */
export interface SocketDatagram extends Datagram {
  readonly socket: UdpSocket;
}

/** The output of the service: everything is counted, and nothing is sent that would make it a reflector. */
export interface Outbox {
  /** Longest answer to a datagram: see `Channel.limit`. */
  limit(datagram: SocketDatagram): number;
  /** Sends the one answer to a datagram, or drops it. `handled` is called with the result. */
  answer(datagram: SocketDatagram, payload: Uint8Array, handled?: (error: Error | null) => void): void;
  /** Sends a datagram that answers none; the caller has verified the address. */
  copy(socket: UdpSocket, peer: Pick<Peer, 'address' | 'port'>, payload: Uint8Array): void;
  /** Settles answers that were sent without a `handled`: for the socket's options. */
  readonly settled: Settled;
  /** Sends delayed datagrams at once. */
  flush(): void;
}

/** Options of {@link createOutbox}. */
export interface OutboxOptions {
  readonly traffic: Traffic;
  readonly reports: Reports;
  readonly trust: Trust;
  readonly impairment: ImpairmentOptions;
  readonly neighbors: Neighbors;
  /** The time, as {@link Neighbors} takes it. */
  readonly now: () => number;
  /** Drops the datagram that the answer was for. */
  readonly drop: (peer: Peer, reason: DropReason) => void;
}

/** Makes an {@link Outbox}. */
export function createOutbox(options: OutboxOptions): Outbox {
  return isImpaired(options.impairment) ? new ImpairedOutbox(options) : new DirectOutbox(options);
}

class DirectOutbox implements Outbox {
  protected readonly options: OutboxOptions;
  readonly settled: Settled;
  readonly #copySettled: Settled;

  constructor(options: OutboxOptions) {
    this.options = options;
    const { traffic, reports } = options;
    this.settled = (error, bytes) => {
      if (error === null) {
        traffic.datagramsOut += 1;
        traffic.bytesOut += bytes;
        return;
      }
      traffic.sendErrors += 1;
      reports.notSent(addresseeOf(error), error);
    };
    this.#copySettled = (error, bytes) => {
      if (error === null) {
        traffic.copiesOut += 1;
        traffic.bytesOut += bytes;
        return;
      }
      traffic.copiesLost += 1;
      reports.notSent(addresseeOf(error), error);
    };
  }

  limit({ payload, peer: { address, family } }: SocketDatagram): number {
    const longest = maxPayloadBytes(family);
    return isTrusted(this.options.trust, address) ? longest : Math.min(longest, payload.length);
  }

  answer(datagram: SocketDatagram, payload: Uint8Array, handled?: (error: Error | null) => void): void {
    if (payload.length > this.limit(datagram)) this.options.drop(datagram.peer, 'amplification');
    else this.send(datagram, payload, handled);
  }

  copy(socket: UdpSocket, peer: Pick<Peer, 'address' | 'port'>, payload: Uint8Array): void {
    const { neighbors, now, traffic } = this.options;
    // A member can be gone without a word: what goes to it must not wait in front of the others.
    if (neighbors.maySend(peer.address, payload.length, now()) && socket.sendCopy(payload, peer, this.#copySettled)) neighbors.sent();
    else traffic.copiesLost += 1;
  }

  flush(): void {}

  protected send({ socket, peer }: SocketDatagram, payload: Uint8Array, handled?: (error: Error | null) => void): void {
    const { trust, neighbors, now, drop } = this.options;
    const isProven = isTrusted(trust, peer.address);
    if (!isProven && !neighbors.maySend(peer.address, payload.length, now())) {
      drop(peer, 'neighbor-unknown');
      return;
    }
    // The send buffer is shared: an unproven peer must never delay the others.
    const isTaken =
      (isProven || !socket.isCongested()) &&
      (handled === undefined ? socket.send(payload, peer) : socket.send(payload, peer, this.#settledFor(handled)));
    if (isTaken && !isProven) neighbors.sent();
    if (!isTaken) drop(peer, 'send-queue-full');
  }

  #settledFor(handled: (error: Error | null) => void): Settled {
    return (error, bytes) => {
      this.settled(error, bytes);
      handled(error);
    };
  }
}

/** Simulates a bad network: see `--loss`, `--dup`, `--reorder`, `--delay`. */
class ImpairedOutbox extends DirectOutbox {
  readonly #fate: ReturnType<typeof createImpairment>;
  readonly #queue = createDelayQueue();

  constructor(options: OutboxOptions) {
    super(options);
    this.#fate = createImpairment(options.impairment);
  }

  override copy(socket: UdpSocket, peer: Pick<Peer, 'address' | 'port'>, payload: Uint8Array): void {
    const { traffic } = this.options;
    const { copies, delayMs } = this.#fate();
    if (copies === 0) traffic.copiesLost += 1;
    for (let copy = 0; copy < copies; copy++) {
      const isKept = this.#later(delayMs, payload.length, () => super.copy(socket, peer, payload));
      if (!isKept) traffic.copiesLost += 1;
    }
  }

  override flush(): void {
    this.#queue.flush();
  }

  protected override send(datagram: SocketDatagram, payload: Uint8Array, handled?: (error: Error | null) => void): void {
    const { traffic, drop, trust } = this.options;
    const { socket, peer } = datagram;
    const { copies, delayMs } = this.#fate();
    if (copies === 0) {
      drop(peer, 'impaired');
      return;
    }
    traffic.delayed += 1;
    const isKept = this.#later(delayMs, payload.length, () => {
      traffic.delayed -= 1;
      super.send(datagram, payload, handled);
      // The duplicate is more than was received, so only proven addresses get it.
      if (copies === 2 && isTrusted(trust, peer.address)) super.copy(socket, peer, payload);
    });
    if (isKept) return;
    traffic.delayed -= 1;
    drop(peer, 'delay-queue-full');
  }

  #later(delayMs: number, bytes: number, action: () => void): boolean {
    if (delayMs > 0 || this.#queue.size > 0) return this.#queue.add(action, delayMs, bytes);
    action();
    return true;
  }
}

/** The destination of a datagram that could not be sent: node:dgram adds it to the error. */
function addresseeOf(error: Error): Pick<Peer, 'address' | 'port'> {
  const { address, port } = error as { address?: unknown; port?: unknown };
  return { address: typeof address === 'string' ? address : '', port: typeof port === 'number' ? port : 0 };
}
