import type { Connection } from './connection.ts';

/** Totals of all connections, including closed ones. */
export interface Totals {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
}

/** The connections of one process. */
export class Connections {
  readonly #open = new Map<number, Connection>();
  readonly #closed = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };
  #whenNone: (() => void)[] = [];

  get size(): number {
    return this.#open.size;
  }

  add(connection: Connection): void {
    this.#open.set(connection.id, connection);
  }

  /** Removes a closed connection, but keeps its counts. */
  remove(connection: Connection): void {
    if (!this.#open.delete(connection.id)) return;
    addTo(this.#closed, connection);
    if (this.#open.size === 0) for (const resolve of this.#whenNone.splice(0)) resolve();
  }

  get(id: number): Connection | undefined {
    return this.#open.get(id);
  }

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.#open.values();
  }

  /** Summed up on demand, so that reads and writes cost nothing for it. */
  totals(): Totals {
    const totals = { ...this.#closed };
    for (const connection of this.#open.values()) addTo(totals, connection);
    return totals;
  }

  /** Resolves when none is open. */
  async none(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#whenNone.push(resolve));
  }
}

function addTo(totals: { -readonly [Key in keyof Totals]: number }, { bytesIn, bytesOut, messagesIn, messagesOut }: Totals): void {
  totals.bytesIn += bytesIn;
  totals.bytesOut += bytesOut;
  totals.messagesIn += messagesIn;
  totals.messagesOut += messagesOut;
}

/** Most connections in `/connections`: the answer stays small. */
const MAX_SHOWN = 1000;

/** An entry of `/connections`. Never contains what the client says. */
export interface ShownConnection extends Totals {
  readonly id: number;
  /** `127.0.0.1:50000`; empty on a unix socket. */
  readonly peer: string;
  readonly state: Connection['state'];
  readonly ageMs: number;
  readonly pendingBytes: number;
  readonly partialBytes: number;
}

/** The first 1,000 connections, oldest first. */
export function showConnections(connections: Connections, nowMs: number): readonly ShownConnection[] {
  return [...connections].slice(0, MAX_SHOWN).map((connection) => ({
    id: connection.id,
    peer: connection.address,
    state: connection.state,
    ageMs: Math.round(nowMs - connection.openedAtMs),
    bytesIn: connection.bytesIn,
    bytesOut: connection.bytesOut,
    messagesIn: connection.messagesIn,
    messagesOut: connection.messagesOut,
    pendingBytes: connection.pendingBytes,
    partialBytes: connection.partialBytes,
  }));
}
