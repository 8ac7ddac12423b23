import { isLoopbackAddress } from './admin-access.ts';
import { parseInTurns } from './http-turns.ts';
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Options of {@link limitHttp}. */
export interface HttpLimits {
  /** Connections open at the same time. */
  readonly maxConnections: number;
  /** An answer that takes longer than this can lose its connection to a new one, in milliseconds. @defaultValue never */
  readonly answerTimeoutMs?: number;
  /** Called for each connection that is refused. */
  readonly onRefused?: () => void;
}

// By default Node checks every 30 s: a client that may be silent for 10 s would stay for 40.
const CHECK_INTERVAL_MS = 1000;

/**
 * Requests of one connection whose answers are under way, one more ends it. Those that ask wait for their answer; a single read may bring a thousand
 * requests, and Node.js hands out all those of a piece before the first is answered.
 */
const MAX_UNDER_WAY = 4;

/** Options of `http.createServer` that require a request to be complete after `timeoutMs`, or at most a second later. */
export function httpTimeouts(timeoutMs: number): ServerOptions {
  return { requestTimeout: timeoutMs, headersTimeout: timeoutMs, connectionsCheckingInterval: CHECK_INTERVAL_MS };
}

/**
 * Bounds the connections of an HTTP server so that silent clients cannot keep others from being served:
 *
 *     connected --request--> answering --answer sent--> connected
 *      silent: can be replaced by a new one   busy: stays, until answerTimeoutMs
 *
 * When the limit is reached, a new connection replaces the oldest silent one of the address that has the most; those
 * of this machine, where health checks come from, are replaced last. A new connection is refused while all are busy.
 */
export function limitHttp(server: Server, limits: HttpLimits): void {
  const places = new Places(limits);
  server.on('connection', (socket) => places.enter(socket));
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    if (!places.busy(socket)) {
      socket.destroy();
      return;
    }
    response.once('close', () => places.answered(socket));
    for (const listener of listeners) listener.call(server, request, response);
  });
}

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

interface Busy {
  readonly sinceMs: number;
  underWay: number;
}

class Places {
  readonly #limits: HttpLimits;
  /** Ordered by when they became silent. */
  readonly #silent = new Set<Socket>();
  /** Oldest first. */
  readonly #busy = new Map<Socket, Busy>();

  constructor(limits: HttpLimits) {
    this.#limits = limits;
  }

  enter(socket: Socket): void {
    if (this.#silent.size + this.#busy.size >= this.#limits.maxConnections) {
      const yielding = this.#mostSilent() ?? this.#longestBusy(isLocal(socket));
      if (yielding === undefined) {
        this.#limits.onRefused?.();
        socket.destroy();
        return;
      }
      this.#leave(yielding);
      yielding.destroy();
    }
    this.#silent.add(socket);
    socket.once('close', () => this.#leave(socket));
    parseInTurns(socket);
  }

  /** @returns whether one more may be under way. */
  busy(socket: Socket): boolean {
    // A pipelined request does not make its connection younger.
    const busy = this.#busy.get(socket);
    if (busy !== undefined) return ++busy.underWay <= MAX_UNDER_WAY;
    if (this.#silent.delete(socket)) this.#busy.set(socket, { sinceMs: performance.now(), underWay: 1 });
    return true;
  }

  answered(socket: Socket): void {
    const busy = this.#busy.get(socket);
    if (busy === undefined || --busy.underWay > 0) return;
    this.#busy.delete(socket);
    this.#silent.add(socket);
  }

  #leave(socket: Socket): void {
    this.#silent.delete(socket);
    this.#busy.delete(socket);
  }

  #mostSilent(): Socket | undefined {
    const byAddress = [...Map.groupBy(this.#silent, addressOf).values()];
    const [most] = byAddress.toSorted((one, other) => claim(other) - claim(one));
    return most?.[0];
  }

  /** Of those whose time is over; a newcomer from this machine takes the place of any of them. */
  #longestBusy(isForLocal: boolean): Socket | undefined {
    const { answerTimeoutMs = Infinity } = this.#limits;
    if (answerTimeoutMs === Infinity) return undefined;
    const since = performance.now() - answerTimeoutMs;
    for (const [socket, { sinceMs }] of this.#busy) if (sinceMs <= since || (isForLocal && !isLocal(socket))) return socket;
    return undefined;
  }
}

/** How many silent connections an address has; the one with the most loses one first. */
function claim(ofOneAddress: readonly Socket[]): number {
  return ofOneAddress.some(isLocal) ? 0 : ofOneAddress.length;
}

function addressOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress;
}

/** The peer of a unix socket has no address. */
function isLocal(socket: Socket): boolean {
  const address = addressOf(socket);
  return address === '' || isLoopbackAddress(address);
}
