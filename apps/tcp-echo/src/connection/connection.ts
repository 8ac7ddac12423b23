import { endSocket } from '@socklab/client';
import { hostPort, resetSocket } from '@socklab/service';
import { fillNotice } from '../admission/connection-queue.ts';
import { describe, reasonOf } from '../closing.ts';
import { openChannel } from './open-channel.ts';
import type { Permit } from '../admission/admission.ts';
import type { ConnectionQueue } from '../admission/connection-queue.ts';
import type { CloseReason } from '../closing.ts';
import type { Arrived } from '../preamble/preamble.ts';
import type { EndReason, Peer } from '../session.ts';
import type { Channel, ChannelOptions, ChannelOwner } from './channel.ts';
import type { SocketRow } from '@socklab/service';

/** The state of a connection. */
export type ConnectionState = 'waiting' | 'serving' | 'ending';

/** An open connection, as tables, limits and the operator see it. */
export interface Connection {
  readonly id: number;
  readonly peer: Peer;
  /** `127.0.0.1:50000`, `[::1]:50000`; empty on a unix socket. */
  readonly address: string;
  readonly state: ConnectionState;
  /** When it was accepted, in whole milliseconds of `performance.now()`. */
  readonly openedAtMs: number;
  readonly bytesIn: number;
  /** Bytes that the system has taken. */
  readonly bytesOut: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  /** Bytes to send that the system has not taken. */
  readonly pendingBytes: number;
  /** Bytes of an incomplete message. */
  readonly partialBytes: number;
  /** Bytes of memory held for the client, out of the shared budget. */
  readonly memoryBytes: number;
  /** Its addresses for the kernel's tables; `undefined` for the peer of a unix socket. */
  readonly row: SocketRow | undefined;
  /** Sends one message besides the session. */
  say(message: Uint8Array): Promise<void>;
  /** Ends it as a session does: everything sent is delivered first. */
  end(reason: CloseReason): void;
  /** Resets it. */
  cut(reason: CloseReason): void;
}

/** What all connections of a service share. */
export interface ConnectionContext extends ChannelOptions {
  /** The queue for a turn; absent when all are served at once. */
  readonly queue: ConnectionQueue | undefined;
  /** What a waiting client is told of its position, with `{pos}`; empty: nothing. */
  readonly queueNotice: string;
  /** Called once when the socket of a connection is closed. */
  readonly closed: (connection: Connection, reason: CloseReason) => void;
}

/** A connection of an admitted peer: the permit leaves when it is closed. */
export interface Admitted extends Arrived {
  readonly permit: Permit;
}

/** A connection that does not run yet. */
export interface AcceptedConnection extends Connection {
  /** Runs it: its turn, its session, its end. Logged once, and closed once. */
  start(): void;
}

/**
 * Takes over an accepted socket that was not read yet.
 *
 * @param id - number of the connection, from 1 in order of arrival.
 */
export function openConnection(admitted: Admitted, id: number, context: ConnectionContext): AcceptedConnection {
  return new TcpConnection(admitted, id, context);
}

// No promise and no closure for an idle connection: thousands of them are the usual case.
class TcpConnection implements AcceptedConnection, ChannelOwner {
  readonly id: number;
  readonly peer: Peer;
  readonly openedAtMs: number = Math.round(performance.now());
  state: ConnectionState = 'serving';
  readonly #permit: Permit;
  readonly #context: ConnectionContext;
  readonly #channel: Channel;
  /** Why it is ended from outside, if it is: this reason wins, whatever the session says. */
  #forced: CloseReason | undefined;
  #leaveLine: (() => void) | undefined;
  #hasTurn = false;
  #isOver = false;
  readonly #headerBytes: number;
  #bytesOut = 0;

  constructor({ socket, peer, headerBytes, permit }: Admitted, id: number, context: ConnectionContext) {
    this.id = id;
    this.peer = peer;
    this.#headerBytes = headerBytes;
    this.#permit = permit;
    this.#context = context;
    this.#channel = openChannel(socket, this, context);
  }

  start(): void {
    const { log, queue } = this.#context;
    log.info({ conn: this.id, peer: this.address }, 'connection accepted');
    if (queue === undefined) this.#channel.serve();
    else void this.#waitInQueue(queue);
  }

  get address(): string {
    return formatAddress(this.peer);
  }

  get bytesIn(): number {
    return this.#channel.socket.bytesRead - this.#headerBytes;
  }

  get bytesOut(): number {
    const { socket } = this.#channel;
    // A destroyed socket forgets what it had not sent: a count must not decrease.
    this.#bytesOut = Math.max(this.#bytesOut, socket.bytesWritten - socket.writableLength);
    return this.#bytesOut;
  }

  get messagesIn(): number {
    return this.#channel.messagesIn;
  }

  get messagesOut(): number {
    return this.#channel.messagesOut;
  }

  get pendingBytes(): number {
    return this.#channel.pendingBytes;
  }

  get partialBytes(): number {
    return this.#channel.partialBytes;
  }

  get memoryBytes(): number {
    return this.#channel.memoryBytes;
  }

  get row(): SocketRow | undefined {
    const { localAddress, localPort, remoteAddress, remotePort } = this.#channel.socket;
    if (localAddress === undefined || localPort === undefined || remoteAddress === undefined || remotePort === undefined) return undefined;
    return { localAddress, localPort, remoteAddress, remotePort };
  }

  say(message: Uint8Array): Promise<void> {
    return this.#channel.say(message);
  }

  end(reason: CloseReason): void {
    this.#forced ??= reason;
    this.#leaveLine?.();
    this.#channel.stop();
  }

  cut(reason: CloseReason): void {
    // Also when it is already ending, and does not finish.
    this.#forced = reason;
    this.#leaveLine?.();
    resetSocket(this.#channel.socket);
    this.#channel.forget();
  }

  peerEnded(): void {
    // "printf hi | nc" ends its side at once and still waits for the answer.
    const { socket } = this.#channel;
    if (socket.destroyed || !this.#context.session.servesHalfClosed || this.bytesIn === 0) this.#leaveLine?.();
  }

  sessionEnded(reason: EndReason): void {
    this.#over(reason);
  }

  sessionFailed(error: unknown): void {
    if (this.state === 'waiting') this.#over('left');
    else this.#over(reasonOf(error), error);
  }

  async #waitInQueue(queue: ConnectionQueue): Promise<void> {
    const { log } = this.#context;
    const turn = await queue.turn({
      gone: new Promise((resolve) => {
        this.#leaveLine = resolve;
      }),
      waits: (position) => {
        this.state = 'waiting';
        log.info({ conn: this.id, position }, 'waiting in the queue');
      },
      moved: (position) => this.#tellPosition(position),
    });
    this.#leaveLine = undefined;
    if (turn !== 'granted') {
      this.#over(turn);
      return;
    }
    this.#hasTurn = true;
    this.state = 'serving';
    // It may have been closed before its turn.
    if (this.#isOver) this.#passTurn();
    else this.#channel.serve();
  }

  #passTurn(): void {
    if (!this.#hasTurn) return;
    this.#hasTurn = false;
    this.#context.queue?.release();
  }

  #tellPosition(position: number): void {
    const { queueNotice } = this.#context;
    if (queueNotice === '') return;
    // A client that has gone is reported by the 'close' event.
    this.say(new TextEncoder().encode(fillNotice(queueNotice, position))).catch(() => undefined);
  }

  /** The session is over, or never began: ends the connection. */
  #over(reason: CloseReason, error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.state = 'ending';
    this.#passTurn();
    const { socket } = this.#channel;
    // Messages before a fault of the format were answered: the answers must still arrive.
    if (error === undefined || reason === 'frame-error') endSocket(socket, () => this.#closed(reason, error));
    else {
      socket.destroy();
      this.#closed(reason, error);
    }
  }

  #closed(ended: CloseReason, error: unknown): void {
    const { log, closed } = this.#context;
    const reason = this.#forced ?? ended;
    const { bytesIn, bytesOut, messagesIn, messagesOut } = this;
    const durationMs = Math.round(performance.now()) - this.openedAtMs;
    const cause = this.#forced === undefined ? error : undefined;
    // A connection that is reset before it sent anything is a health check.
    const isUsual = cause === undefined || (reason === 'reset' && bytesIn === 0);
    const level = reason === 'session-error' ? 'error' : isUsual ? 'info' : 'warn';
    log[level](
      { conn: this.id, bytesIn, bytesOut, messagesIn, messagesOut, durationMs, reason, ...describe(reason, cause) },
      'connection closed',
    );
    this.#permit.leave();
    closed(this, reason);
  }
}

/** `127.0.0.1:50000`, `[::1]:50000`; empty for the peer of a unix socket. */
export function formatAddress({ address, port }: Peer): string {
  if (address === '') return '';
  return hostPort(address, port);
}
