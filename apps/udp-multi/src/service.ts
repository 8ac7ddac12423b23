import { networkInterfaces } from 'node:os';
import { admit, broadcastAddresses } from './admit.ts';
import { createReports } from './reports.ts';
import { SESSIONS } from './sessions/index.ts';
import { openSocket } from './socket.ts';
import type { Endpoint, Logger, OperatorConsole, RunningService } from '@socklab/service';
import type { OwnEndpoint } from './admit.ts';
import type { DropReason, Traffic } from './metrics.ts';
import type { Peer } from './peers.ts';
import type { Reports } from './reports.ts';
import type { SessionName } from './sessions/index.ts';
import type { Datagram, Exchange, Session } from './sessions/session.ts';
import type { UdpSocket } from './socket.ts';

/** What {@link startUdpMulti} is told. */
export interface UdpMultiOptions {
  readonly listen: readonly Endpoint[];
  readonly session: SessionName;
  /** What the session greet answers. */
  readonly reply: string;
  /** The quit word; empty: none. */
  readonly quit: string;
  /** Answer one datagram, and end. */
  readonly once: boolean;
  readonly reusePort: boolean;
  /** The operator's console; the session operator needs it. */
  readonly console: OperatorConsole | undefined;
  readonly log: Logger;
  readonly traffic: Traffic;
}

/**
 * Binds every endpoint and hands what is admitted to the session.
 *
 * @throws ServiceError when an endpoint cannot be bound; those bound before are closed.
 */
export async function startUdpMulti(options: UdpMultiOptions): Promise<RunningService> {
  const service = new UdpMulti(options);
  await service.listen();
  return service;
}

/** A datagram and the socket it came to, from which it is answered. */
interface Arrival extends Datagram {
  readonly socket: UdpSocket;
}

class UdpMulti implements RunningService {
  readonly finished: Promise<void>;
  readonly #options: UdpMultiOptions;
  readonly #reports: Reports;
  readonly #session: Session<Arrival>;
  readonly #sockets: UdpSocket[] = [];
  readonly #own: OwnEndpoint[] = [];
  readonly #rules = {
    own: this.#own,
    broadcasts: broadcastAddresses(Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])),
  };
  readonly #finish: (error?: Error) => void;
  #isAccepting = true;

  constructor(options: UdpMultiOptions) {
    this.#options = options;
    this.#reports = createReports(options.log);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.finished = promise;
    // A service that ends while it starts is not waited for, and then nobody would hear of the error.
    promise.catch(() => undefined);
    this.#finish = (error) => (error === undefined ? resolve() : reject(error));
    this.#session = SESSIONS[options.session](this.#exchange(), options);
  }

  get endpoints(): readonly string[] {
    return this.#sockets.map(({ endpoint }) => endpoint);
  }

  async listen(): Promise<void> {
    const { listen, reusePort } = this.#options;
    try {
      for (const endpoint of listen) {
        const socket = await openSocket(endpoint, {
          reusePort,
          onDatagram: (to, payload, peer) => this.#receive({ payload, peer, socket: to }),
          onError: (error) => this.#reports.socketFailed(error),
        });
        this.#sockets.push(socket);
        this.#own.push(socket.own);
      }
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.#isAccepting = false;
    this.#session.close();
    await Promise.all(this.#sockets.map((socket) => socket.flush(signal)));
    await this.#close();
    this.#options.log.info(this.#options.traffic.totals(), 'closed');
  }

  #receive(arrival: Arrival): void {
    const { traffic, once } = this.#options;
    traffic.received(arrival.payload.length);
    const verdict = this.#isAccepting ? admit(arrival.peer, this.#rules) : 'closing';
    if (verdict !== 'answer') {
      this.#drop(arrival.peer, verdict);
      return;
    }
    if (once) this.#isAccepting = false;
    this.#session.receive(arrival);
  }

  #exchange(): Exchange<Arrival> {
    const { log, traffic } = this.#options;
    return {
      log,
      reply: (arrival, payload) => this.#reply(arrival, payload),
      ignore: () => {
        traffic.quit();
        this.#handled(null);
      },
      drop: ({ peer }, reason) => this.#drop(peer, reason),
      waiting: (count) => traffic.waiting(count),
      finish: (error) => this.#finish(error),
    };
  }

  #reply({ socket, peer }: Arrival, payload: Uint8Array): void {
    const { traffic } = this.#options;
    const isTaken = socket.send(payload, peer, (error) => {
      if (error === null) {
        traffic.sent(payload.length);
      } else {
        traffic.sendFailed();
        this.#reports.notSent(peer, error);
      }
      this.#handled(error);
    });
    if (!isTaken) this.#drop(peer, 'send-queue-full');
  }

  #drop(peer: Peer, reason: DropReason): void {
    this.#options.traffic.dropped(reason);
    this.#reports.dropped(peer, reason);
  }

  /** With `--once` the service ends with its one datagram: well when its answer has left, not otherwise. */
  #handled(error: Error | null): void {
    if (this.#options.once) this.#finish(error ?? undefined);
  }

  async #close(): Promise<void> {
    this.#options.console?.close();
    await Promise.all(this.#sockets.map((socket) => socket.close()));
  }
}
