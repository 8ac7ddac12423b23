import { networkInterfaces } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createAddressRule } from '@socklab/service';
import { broadcastAddresses } from './gate/admit.ts';
import { createGate } from './gate/gate.ts';
import { createNeighbors } from './gate/neighbors.ts';
import { isTrusted } from './gate/trust.ts';
import { chooseSession } from './options/topology.ts';
import { createOutbox } from './outbox/outbox.ts';
import { peerName } from './peers.ts';
import { createReports } from './reports.ts';
import { createCoarseClock } from './socket/coarse-clock.ts';
import { createKernelSockets } from './socket/kernel-sockets.ts';
import { createListeners } from './socket/listeners.ts';
import type { DropReason } from './gate/drop-reasons.ts';
import type { Gate } from './gate/gate.ts';
import type { KnownPeer } from './operator/audience.ts';
import type { UdpMultiOptions, UdpMultiService } from './options/settings.ts';
import type { SocketDatagram, Outbox } from './outbox/outbox.ts';
import type { Peer } from './peers.ts';
import type { Reports } from './reports.ts';
import type { Bus } from './room/bus/bus.ts';
import type { Channel, Session } from './sessions/session.ts';
import type { KernelSockets } from './socket/kernel-sockets.ts';
import type { Listeners } from './socket/listeners.ts';
import type { UdpSocket } from './socket/socket.ts';

/**
 * Binds every endpoint and passes admitted datagrams to the session.
 *
 * @throws ServiceError when an endpoint cannot be bound; those bound before are closed.
 */
export async function startUdpMulti(options: UdpMultiOptions): Promise<UdpMultiService> {
  const service = new UdpMulti(options);
  await service.listen();
  return service;
}

/** Most blocked peers; a list for a person, not for a flood. */
const MAX_BLOCKED = 1000;

/** Turns of the event loop that read waiting datagrams at the end; each reads some 32 datagrams a socket. */
const MAX_LAST_TURNS = 256;

class UdpMulti implements UdpMultiService {
  readonly finished: Promise<void>;
  readonly #options: UdpMultiOptions;
  readonly #reports: Reports;
  readonly #session: Session<SocketDatagram>;
  readonly #outbox: Outbox;
  readonly #gate: Gate;
  readonly #listeners: Listeners;
  readonly #kernel: KernelSockets = createKernelSockets();
  readonly #clock = createCoarseClock();
  readonly #blocked = new Set<string>();
  readonly #finish: (error?: Error) => void;
  #bus: Bus | undefined;
  #isAccepting = true;

  constructor(options: UdpMultiOptions) {
    this.#options = options;
    this.#reports = createReports(options.log);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.finished = promise;
    // A service that ends while it starts is not awaited, and its error would be unhandled.
    promise.catch(() => undefined);
    this.#finish = (error) => (error === undefined ? resolve() : reject(error));
    this.#outbox = createOutbox({
      ...options,
      neighbors: createNeighbors({
        waitingBytes: () => this.#kernel.waitingBytes(),
        bufferBytes: () => this.#listeners.sendBufferBytes,
      }),
      now: () => this.#clock.now(),
      reports: this.#reports,
      drop: (peer, reason) => this.#giveUp(peer, reason),
    });
    this.#listeners = createListeners({
      ...options,
      endpoints: options.listen,
      onDatagram: (socket, payload, peer, toGroup) => this.#receive(socket, payload, peer, toGroup),
      onError: (error) => this.#reports.socketFailed(error),
      onSettled: this.#outbox.settled,
    });
    this.#gate = this.#createGate();
    this.#session = chooseSession(this.#channel(), {
      ...options,
      peers: { max: options.peersMax, ttlMs: options.peerTtl },
      timeOfDay: () => Date.now(),
      connectBus: (onMessage) => (this.#bus = options.connectBus(onMessage)),
    });
  }

  get endpoints(): readonly string[] {
    return this.#listeners.endpoints;
  }

  async listen(): Promise<void> {
    try {
      await this.#listeners.open();
    } catch (error) {
      await this.#close();
      throw error;
    }
    this.#kernel.watch();
  }

  kernelDrops(): number {
    return this.#kernel.drops();
  }

  peers(): readonly KnownPeer[] {
    return this.#session.peers?.() ?? [];
  }

  members(): number {
    return this.#session.memberCount?.() ?? 0;
  }

  async drain(signal: AbortSignal): Promise<void> {
    await this.#readWhatWaits(signal);
    this.#isAccepting = false;
    this.#session.close();
    await this.#session.delivered?.(signal);
    this.#outbox.flush();
    await this.#listeners.flush(signal);
    const kernelDropped = this.kernelDrops();
    await this.#close();
    const { datagramsIn, datagramsOut, bytesIn, bytesOut, dropped } = this.#options.traffic;
    this.#options.log.info({ datagramsIn, datagramsOut, bytesIn, bytesOut, dropped, kernelDropped }, 'closed');
  }

  /** Datagrams that arrived before the end, and wait in the sockets' buffers, are served too: nobody else will. */
  async #readWhatWaits(signal: AbortSignal): Promise<void> {
    const { traffic } = this.#options;
    let idleTurns = 0;
    for (let turn = 0; turn < MAX_LAST_TURNS && this.#isAccepting && !signal.aborted; turn++) {
      const before = traffic.datagramsIn;
      await nextTurn();
      idleTurns = traffic.datagramsIn === before ? idleTurns + 1 : 0;
      // The first turn may be the rest of the current one, which does not poll the sockets any more.
      if (idleTurns === 2) return;
    }
  }

  #createGate(): Gate {
    const { minSourcePort, allow = [], deny = [] } = this.#options;
    const broadcasts = broadcastAddresses(Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []));
    return createGate({
      ...this.#options,
      rules: { own: this.#listeners.own, broadcasts, minSourcePort },
      isAllowed: createAddressRule({ allow, deny }),
      isBlocked: (peer) => this.#blocked.size > 0 && this.#blocked.has(peerName(peer)),
      isVouchedFor: (payload, peer) => this.#session.vouchesFor?.(payload, peer) === true,
    });
  }

  /** Hot path: runs for every datagram. */
  #receive(socket: UdpSocket, payload: Uint8Array, peer: Peer, toGroup: boolean): void {
    const { traffic, once, framing } = this.#options;
    traffic.datagramsIn += 1;
    traffic.bytesIn += payload.length;
    const verdict = this.#isAccepting ? this.#gate.check(payload, peer, this.#clock.now(), toGroup) : 'closing';
    if (verdict !== 'answer') {
      this.#drop(peer, verdict);
      return;
    }
    const taken = this.#truncate(payload, peer);
    const messages = framing?.split(taken);
    if (framing !== undefined && messages === undefined) {
      this.#drop(peer, 'malformed');
      return;
    }
    traffic.messagesIn += messages?.length ?? 0;
    if (once) this.#isAccepting = false;
    this.#session.receive({ payload: taken, peer, messages, socket });
  }

  #truncate(payload: Uint8Array, peer: Peer): Uint8Array {
    const { truncateAt, traffic } = this.#options;
    if (truncateAt === undefined || payload.length <= truncateAt) return payload;
    traffic.truncated += 1;
    this.#reports.truncated(peer, payload.length, truncateAt);
    return payload.subarray(0, truncateAt);
  }

  #channel(): Channel<SocketDatagram> {
    const { log, traffic, trust } = this.#options;
    return {
      log,
      limit: (datagram) => this.#outbox.limit(datagram),
      reply: (datagram, payload) => this.#outbox.answer(datagram, payload, this.#handled),
      ignore: () => {
        traffic.quits += 1;
        this.#handled?.(null);
      },
      take: () => {
        traffic.taken += 1;
        this.#handled?.(null);
      },
      drop: ({ peer }, reason) => this.#giveUp(peer, reason),
      isProven: ({ peer }) => isTrusted(trust, peer.address),
      copy: ({ socket, peer }, payload) => this.#outbox.copy(socket, peer, payload),
      lost: (copies) => (traffic.copiesLost += copies),
      announce: (payload) => this.#listeners.announce((socket, to) => this.#outbox.copy(socket, to, payload)),
      block: (peer) => this.#block(peer),
      waiting: (count) => (traffic.waiting = count),
      now: () => this.#clock.now(),
      finish: (error) => this.#finish(error),
    };
  }

  #block(peer: Peer): boolean {
    if (this.#blocked.size >= MAX_BLOCKED) return false;
    this.#blocked.add(peerName(peer));
    return true;
  }

  #drop(peer: Peer, reason: DropReason): void {
    const { traffic } = this.#options;
    traffic.dropped += 1;
    traffic.drops[reason] += 1;
    this.#reports.dropped(peer, reason);
  }

  /** Drops an admitted datagram: with `--once` the next one may be the one that is answered. */
  #giveUp(peer: Peer, reason: DropReason): void {
    this.#drop(peer, reason);
    if (this.#options.once && reason !== 'closing') this.#isAccepting = true;
  }

  /** With `--once` the service ends with its one datagram: successfully when its answer was sent, else not. */
  get #handled(): ((error: Error | null) => void) | undefined {
    return this.#options.once ? (error) => this.#finish(error ?? undefined) : undefined;
  }

  async #close(): Promise<void> {
    this.#options.console?.close();
    this.#clock.close();
    await Promise.all([this.#listeners.close(), this.#bus?.close()]);
  }
}
