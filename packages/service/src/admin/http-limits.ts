import { isLoopbackAddress } from './admin-access.ts';
import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';

/** Options of {@link limitHttp}. */
export interface HttpLimits {
  /** Connections open at the same time. */
  readonly maxConnections: number;
  /** After so long an answer that is still under way gives its place to a newcomer, in milliseconds. @defaultValue never */
  readonly answerTimeoutMs?: number;
  /** Called for each connection that found no place. */
  readonly onRefused?: () => void;
}

// Node looks every 30 s unless told: a client that may be silent for 10 s would be there for 40.
const CHECK_INTERVAL_MS = 1000;

/** Options of `http.createServer` by which a request must have arrived after `timeoutMs`, or a second later. */
export function httpTimeouts(timeoutMs: number): ServerOptions {
  return { requestTimeout: timeoutMs, headersTimeout: timeoutMs, connectionsCheckingInterval: CHECK_INTERVAL_MS };
}

/**
 * Bounds the connections of an HTTP server, so that whoever asks is served however many others say nothing:
 *
 *     connected --request--> answered --answer sent--> connected
 *      silent: its place goes to a newcomer   busy: keeps its place, until answerTimeoutMs
 *
 * When all places are taken, the newcomer has that of the address with the most silent connections, the oldest of them;
 * those of this machine, where health checks come from, go last. Refused is who comes while all are busy.
 */
export function limitHttp(server: Server, limits: HttpLimits): void {
  const places = new Places(limits);
  server.on('connection', (socket) => places.enter(socket));
  server.on('request', ({ socket }, response) => {
    places.busy(socket);
    response.once('close', () => places.silent(socket));
  });
}

class Places {
  readonly #limits: HttpLimits;
  /** In the order in which they became silent. */
  readonly #silent = new Set<Socket>();
  /** With the time since when, oldest first. */
  readonly #busy = new Map<Socket, number>();

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
  }

  busy(socket: Socket): void {
    // A request that comes behind another one on its connection does not make it younger.
    if (this.#silent.delete(socket)) this.#busy.set(socket, performance.now());
  }

  silent(socket: Socket): void {
    if (this.#busy.delete(socket)) this.#silent.add(socket);
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

  /** Of those that had their time; one of this machine need not wait for that of others. */
  #longestBusy(isForLocal: boolean): Socket | undefined {
    const { answerTimeoutMs = Infinity } = this.#limits;
    if (answerTimeoutMs === Infinity) return undefined;
    const since = performance.now() - answerTimeoutMs;
    for (const [socket, busySince] of this.#busy) if (busySince <= since || (isForLocal && !isLocal(socket))) return socket;
    return undefined;
  }
}

/** How much the silent connections of one address are in the way of others. */
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
