import { createServer } from 'node:net';
import { createAddressRule, createLogWindow, createMemoryBudget, createTokenBucket, listenTcp, resetSocket } from '@socklab/service';
import { createAdmission } from './admission/admission.ts';
import { createConnectionQueue } from './admission/connection-queue.ts';
import { formatAddress, openConnection } from './connection/connection.ts';
import { Connections } from './connection/connections.ts';
import { inTurns } from './connection/in-turns.ts';
import { createRoomMaker } from './connection/make-room.ts';
import { watchConnections } from './connection/watch.ts';
import { countClosed, countRefused } from './metrics.ts';
import { PreambleError, createPreambles } from './preamble/preamble.ts';
import type { Admission, RefuseReason } from './admission/admission.ts';
import type { CloseReason } from './closing.ts';
import type { Admitted, Connection, ConnectionContext } from './connection/connection.ts';
import type { Limits } from './connection/limits.ts';
import type { Metrics } from './metrics.ts';
import type { Preambles, Arrived } from './preamble/preamble.ts';
import type { TlsIdentity } from './preamble/tls-identity.ts';
import type { Peer, Session } from './session.ts';
import type { Mode } from './sessions/index.ts';
import type { ByteCodec } from '@socklab/framing';
import type { Cidr, Endpoint, ListenOptions, LogWindow, Logger, RunningService } from '@socklab/service';
import type { Server, ServerOpts, Socket } from 'node:net';

/** Options of {@link startTcpEcho}. */
export interface TcpEchoOptions {
  readonly endpoints: readonly Endpoint[];
  readonly listen: ListenOptions;
  readonly session: Session;
  readonly codec: ByteCodec;
  readonly mode: Mode;
  /** Accept one connection, serve it, and end. */
  readonly once: boolean;
  readonly limits: Limits;
  /** What clients are told when the service stops; empty: nothing. */
  readonly goodbye: string;
  readonly allow: readonly Cidr[];
  readonly deny: readonly Cidr[];
  /** Proxies whose connections begin with a PROXY header. */
  readonly proxies: readonly Cidr[];
  readonly tls: TlsIdentity | undefined;
  /** Connection numbers: with workers, each of them has its own. */
  readonly numbers: { readonly first: number; readonly step: number };
  /** The connections of the service, which it adds. */
  readonly connections: Connections;
  /** Resolves when the operator has finished. */
  readonly operatorLeft?: Promise<void>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Listens on every endpoint and serves its clients. */
export async function startTcpEcho(options: TcpEchoOptions): Promise<RunningService> {
  const service = new TcpEcho(options);
  await service.listen();
  return service;
}

/** One line of a reason per this time, in milliseconds: a thousand refusals a second must not be a thousand lines. */
const LOG_WINDOW_MS = 10_000;

function logWindow(heldBack: (reason: string, lines: number) => void): LogWindow {
  return createLogWindow({ windowMs: LOG_WINDOW_MS, lines: 1, now: () => performance.now(), heldBack });
}

const SOCKET_OPTIONS: ServerOpts = {
  // A peer that ended its side still gets its answer.
  allowHalfOpen: true,
  // The reader, and its memory, are chosen later.
  pauseOnConnect: true,
  noDelay: true,
  // A peer whose machine is gone sends no end: keepalive finds it after a minute of silence.
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
};

class TcpEcho implements RunningService {
  endpoints: readonly string[] = [];
  readonly finished: Promise<void>;
  readonly #options: TcpEchoOptions;
  readonly #admission: Admission;
  readonly #preambles: Preambles;
  /** Connections in their preamble, until they are served or closed. */
  readonly #arriving = new Map<Socket, Promise<void>>();
  readonly #servers: Server[] = [];
  readonly #draining = new AbortController();
  readonly #watch;
  readonly #context: ConnectionContext;
  readonly #queue;
  readonly #budget;
  readonly #finish: () => void;
  readonly #refusals: LogWindow;
  readonly #unserved: LogWindow;
  #accepted = 0;
  #operatorHasLeft = false;

  constructor(options: TcpEchoOptions) {
    this.#options = options;
    const { limits, connections, metrics, mode } = options;
    this.#admission = createAdmission({
      ...limits,
      once: options.once,
      isAllowed: createAddressRule(options),
      acceptRate: createTokenBucket({ ratePerSecond: limits.acceptRate }),
    });
    this.#refusals = logWindow((reason, heldBack) => options.log.warn({ reason, heldBack }, 'more connections refused'));
    this.#unserved = logWindow((reason, heldBack) => options.log.warn({ reason, heldBack }, 'more connections closed unserved'));
    this.#preambles = createPreambles({ ...options, timeoutMs: limits.frameTimeoutMs });
    this.#queue =
      mode === 'queue' ? createConnectionQueue({ draining: this.#draining.signal, timeoutMs: limits.queueTimeoutMs }) : undefined;
    this.#watch = watchConnections(connections, limits);
    const makeRoom = createRoomMaker(connections);
    this.#budget = createMemoryBudget({ limitBytes: limits.maxBufferedBytes, onSpent: () => void makeRoom(this.#budget) });
    this.#context = {
      ...options,
      ...limits,
      budget: this.#budget,
      readAheadBytes: limits.queueBufferBytes,
      queue: this.#queue,
      draining: this.#draining.signal,
      closed: (connection, reason) => this.#closed(connection, reason),
    };
    metrics.watch({
      active: () => connections.size,
      waiting: () => this.#queue?.waiting ?? 0,
      pendingBytes: () => [...connections].reduce((sum, { pendingBytes }) => sum + pendingBytes, 0),
      bufferedBytes: () => this.#budget.usedBytes,
      totals: () => connections.totals(),
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
    void options.operatorLeft?.then(() => {
      this.#operatorHasLeft = true;
      // There is no operator any more to speak to new clients.
      this.#stopListening();
      this.#finishWhenIdle();
    });
  }

  async listen(): Promise<void> {
    const { endpoints, listen } = this.#options;
    const listening: string[] = [];
    try {
      for (const endpoint of endpoints) {
        const server = createServer(SOCKET_OPTIONS, (socket) => this.#accept(socket));
        this.#servers.push(server);
        listening.push(await listenTcp(server, endpoint, listen));
      }
    } catch (error) {
      this.#stopListening();
      throw error;
    }
    this.endpoints = listening;
  }

  /** Reloads the TLS files. */
  async reload(): Promise<boolean> {
    const { tls } = this.#options;
    if (tls === undefined) return true;
    const isReloaded = await tls.reload();
    if (isReloaded) this.#preambles.reload();
    return isReloaded;
  }

  async drain(signal: AbortSignal): Promise<void> {
    const { connections, goodbye } = this.#options;
    const cut = (): void => void inTurns(connections, (connection) => connection.cut('drain-timeout'));
    if (signal.aborted) cut();
    else signal.addEventListener('abort', cut, { once: true });
    this.#stopListening();
    this.#draining.abort();
    for (const socket of this.#arriving.keys()) socket.destroy();
    await inTurns(connections, (connection) => {
      if (goodbye !== '') sayGoodbye(connection, goodbye);
      connection.end('drain');
    });
    await Promise.all(this.#arriving.values());
    await connections.none();
    this.#watch.stop();
  }

  #accept(socket: Socket): void {
    const peer = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const arrived = { socket, peer, headerBytes: 0 };
    const refusal = this.#enter();
    if (refusal !== undefined) return this.#refuse(arrived, refusal);
    // The proxy's address is not its client's: the header decides.
    if (this.#preambles.isProxy(peer.address)) return this.#arrive(socket, this.#readProxyHeader(arrived, this.#number()));
    const permit = this.#admission.admit(peer.address);
    if (typeof permit === 'string') return this.#refuse(arrived, permit);
    const admitted = { ...arrived, permit };
    if (isGone(socket)) return this.#lose(admitted, this.#number());
    if (this.#preambles.isNeeded(peer.address)) return this.#arrive(socket, this.#secure(admitted, this.#number()));
    this.#serve(admitted, this.#number());
  }

  #enter(): RefuseReason | undefined {
    return this.#admission.enter({
      nowMs: performance.now(),
      open: this.#options.connections.size + this.#arriving.size,
      waiting: this.#queue?.waiting ?? 0,
      accepted: this.#accepted,
      isDraining: this.#draining.signal.aborted,
    });
  }

  /** Counts an accepted connection. */
  #number(): number {
    if (this.#options.once) this.#stopListening();
    this.#options.metrics.connections.inc();
    const { first, step } = this.#options.numbers;
    return first + step * this.#accepted++;
  }

  /** Counts a connection in its preamble, until it is served or closed. */
  #arrive(socket: Socket, steps: Promise<void>): void {
    // Waits get the error themselves.
    socket.on('error', () => undefined);
    const done = steps.finally(() => {
      this.#arriving.delete(socket);
      this.#finishWhenIdle();
    });
    this.#arriving.set(socket, done);
  }

  async #readProxyHeader(arrived: Arrived, id: number): Promise<void> {
    const named = await this.#preambles.readProxyHeader(arrived).catch((error) => this.#closedUnserved(id, arrived.peer, error));
    if (named === undefined) return;
    const permit = this.#admission.admit(named.peer.address);
    if (typeof permit === 'string') this.#refuse(named, permit);
    else await this.#secure({ ...named, permit }, id);
  }

  async #secure(admitted: Admitted, id: number): Promise<void> {
    const { peer, permit } = admitted;
    const secured = await this.#preambles.secure(admitted).catch((error) => this.#closedUnserved(id, peer, error));
    if (secured === undefined) permit.leave();
    else this.#serve({ ...secured, permit }, id);
  }

  /** The peer reset the connection before it was accepted: it has no address, so no rule applies. */
  #lose({ socket, peer, permit }: Admitted, id: number): void {
    socket.destroy();
    permit.leave();
    this.#closedUnserved(id, peer, new PreambleError('reset', new Error('the peer reset the connection before it was accepted')));
    this.#finishWhenIdle();
  }

  /** @throws anything but a PreambleError */
  #closedUnserved(id: number, peer: Peer, error: unknown): undefined {
    if (!(error instanceof PreambleError)) throw error;
    const { reason, code, message } = error;
    const { metrics, log } = this.#options;
    const ended = this.#draining.signal.aborted ? 'drain' : reason;
    countClosed(metrics, ended);
    // A reset before anything was sent is how some load balancers check the port.
    const heldBack = ended === 'reset' ? this.#unserved.pass(ended) : 0;
    if (heldBack !== undefined)
      log.warn({ conn: id, peer: formatAddress(peer), reason: ended, code, error: message, heldBack }, 'connection closed');
    return undefined;
  }

  #refuse({ socket, peer }: Arrived, reason: RefuseReason): void {
    const { metrics, log } = this.#options;
    countRefused(metrics, reason);
    const heldBack = this.#refusals.pass(reason);
    if (heldBack !== undefined) log.warn({ peer: formatAddress(peer), reason, heldBack }, 'connection refused');
    resetSocket(socket);
  }

  #serve(admitted: Admitted, id: number): void {
    const { connections } = this.#options;
    const connection = openConnection(admitted, id, this.#context);
    connections.add(connection);
    connection.start();
  }

  #closed(connection: Connection, reason: CloseReason): void {
    this.#options.connections.remove(connection);
    countClosed(this.#options.metrics, reason);
    this.#finishWhenIdle();
  }

  /** With `--once`, or once the operator has left, the service ends when the last connection is closed. */
  #finishWhenIdle(): void {
    const isLast = this.#operatorHasLeft || (this.#options.once && this.#accepted > 0);
    if (isLast && this.#options.connections.size + this.#arriving.size === 0) this.#finish();
  }

  #stopListening(): void {
    for (const server of this.#servers) if (server.listening) server.close();
  }
}

/** A TCP peer that is gone has no address any more; that of a unix socket never has one, nor a local address. */
function isGone({ remoteAddress, localAddress }: Socket): boolean {
  return remoteAddress === undefined && localAddress !== undefined;
}

function sayGoodbye(connection: Connection, goodbye: string): void {
  // A peer that is gone needs none.
  connection.say(new TextEncoder().encode(goodbye)).catch(() => undefined);
}
