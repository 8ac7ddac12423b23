// The server's log of its connections: why each was closed.
import type { Socket } from 'node:net';

/** The line of a closed connection. */
export interface ClosedLine {
  readonly conn: number;
  readonly reason: string;
  readonly bytesOut: number;
  /** The error that ended it, if any. */
  readonly code?: string;
  /** `127.0.0.1:50000`; on a unix socket, which has no address, `unix 3`: the third that was accepted. */
  readonly peer: string;
  readonly err: unknown;
  /** When it was closed. */
  readonly time: string;
  /** How long it was open, unless it was never served. */
  readonly durationMs?: number;
}

/** A connection that has just been started. */
export interface Begun {
  readonly socket: Socket;
  readonly isUnix: boolean;
}

/** The log of a server, line by line. */
export class ServerLog {
  readonly failed: ClosedLine[] = [];
  readonly #peers = new Map<number, string>();
  /** Lines not asked for yet, the last ones: a client asks soon after it was closed, or never. */
  #closed: ClosedLine[] = [];
  #waiting: (() => void)[] = [];
  #unixAccepted = 0;
  #unixBegun = 0;

  /**
   * How to wait for the line of a connection; ask when it is started. Unix sockets are accepted in the order of connecting, including those
   * that are closed at once. A TCP connection has its address once it is connected, and is not logged before; another connection may have had
   * that address earlier, so a line of one that was accepted before this one was started is not its own.
   */
  lineOf({ socket, isUnix }: Begun): () => Promise<ClosedLine> {
    if (isUnix) {
      const name = unixName(++this.#unixBegun);
      return () => this.#take((line) => line.peer === name);
    }
    let name = '';
    const startedMs = Date.now();
    socket.once('connect', () => (name = `${socket.localAddress}:${socket.localPort}`));
    return () => this.#take((line) => line.peer === name && acceptedMs(line) >= startedMs);
  }

  /** Takes the next line. */
  note(text: string): void {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as ClosedLine & { readonly msg: string };
    const { conn, msg } = line;
    if (msg === 'connection accepted') this.#peers.set(conn, line.peer === '' ? unixName(++this.#unixAccepted) : line.peer);
    if (msg !== 'connection closed') return;
    // The line of a connection that was never served names its peer: none, when a TCP client reset it before.
    const closed = { ...line, peer: this.#peers.get(conn) ?? line.peer };
    this.#peers.delete(conn);
    this.#closed = [...this.#closed.slice(-KEPT), closed];
    if (closed.reason === 'session-error') this.failed.push(closed);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Takes a line; waits until it is there. */
  async #take(isOwn: (line: ClosedLine) => boolean): Promise<ClosedLine> {
    for (;;) {
      const index = this.#closed.findIndex(isOwn);
      if (index >= 0) return this.#closed.splice(index, 1)[0]!;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

const KEPT = 1000;

const unixName = (nth: number): string => `unix ${nth}`;

/** At the latest: both figures are rounded. */
const acceptedMs = ({ time, durationMs = 0 }: ClosedLine): number => Date.parse(time) - durationMs + 1;
