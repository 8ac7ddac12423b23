import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { ProbeError } from '../../errors.ts';
import { createPatience, lookEach } from '../../patience.ts';
import { droppedAt, growReceiveBuffer } from './receive-buffer.ts';
import type { Bytes } from '../../types.ts';
import type { Socket } from 'node:dgram';

/** Where datagrams go: an IP address and a port. */
export interface DatagramAddress {
  readonly host: string;
  readonly port: number;
}

/** A datagram that came. */
export interface Arrival {
  readonly bytes: Bytes;
  /** On the clock of `performance.now()`. */
  readonly at: number;
  /** How many datagrams had been sent by then. */
  readonly sent: number;
}

/** A UDP socket that speaks with one server: its own port makes it a new address. */
export interface Peer {
  readonly port: number;
  /** What came, in order. */
  readonly arrivals: readonly Arrival[];
  readonly sentBytes: readonly number[];
  /** When the server's system reported that nobody listens there, on the clock of `performance.now()`. */
  readonly refusedAt: number | undefined;
  /** A round begins: {@link MAX_ARRIVALS} counts anew. */
  begin(): void;
  /** How many came and are not in `arrivals`: by the limits of this socket, and for want of room in the system's receive buffer. */
  lost(): { readonly beyondLimits: number; readonly dropped: number };
  send(bytes: Bytes): Promise<void>;
  /** Waits until `isOver` says so, asked after each arrival, or for `ms` in which this process did not stand still; resolves at once when it is refused. */
  wait(ms: number, isOver: () => boolean): Promise<void>;
  close(): void;
}

/** How systems report the ICMP message: Windows as a reset. */
const REFUSED_CODES: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET']);

/** Most datagrams of one round that are kept, and their bytes: the rest is dropped. */
export const MAX_ARRIVALS = 4096;
export const MAX_ARRIVED_BYTES = 16_777_216;

/**
 * Opens a socket that is connected, so that datagrams from elsewhere are not its answers, and ICMP errors are reported.
 *
 * @throws ProbeError `PROBE_ERR_CONNECT` when there is no socket or no route.
 */
export async function openPeer({ host, port }: DatagramAddress): Promise<Peer> {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(port, host, resolve);
    });
  } catch (error) {
    socket.close();
    throw new ProbeError('PROBE_ERR_CONNECT', `no datagram can be sent to ${host} port ${port}: ${codeOf(error)}`, { cause: error });
  }
  socket.removeAllListeners('error');
  growReceiveBuffer(socket);
  return new ConnectedPeer(socket);
}

class ConnectedPeer implements Peer {
  readonly port: number;
  readonly arrivals: Arrival[] = [];
  readonly sentBytes: number[] = [];
  refusedAt: number | undefined;
  readonly #socket: Socket;
  #arrived = 0;
  #arrivedBytes = 0;
  #beyondLimits = 0;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (bytes) => this.#take(bytes)).on('error', (error) => this.#refuse(error));
  }

  begin(): void {
    this.#arrived = 0;
    this.#arrivedBytes = 0;
  }

  lost(): ReturnType<Peer['lost']> {
    return { beyondLimits: this.#beyondLimits, dropped: droppedAt(this.port, this.#socket.address().family === 'IPv6' ? 6 : 4) };
  }

  async send(bytes: Bytes): Promise<void> {
    this.sentBytes.push(bytes.length);
    await new Promise<void>((resolve, reject) => {
      this.#socket.send(bytes, (error) => {
        // The error of an earlier datagram is reported to the next one.
        if (error === null || this.#refuse(error)) resolve();
        else
          reject(
            new ProbeError('PROBE_ERR_CONNECT', `a datagram of ${bytes.length} bytes cannot be sent: ${codeOf(error)}`, { cause: error }),
          );
      });
    });
  }

  async wait(ms: number, isOver: () => boolean): Promise<void> {
    const isDone = (): boolean => this.refusedAt !== undefined || isOver();
    if (isDone()) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearInterval(timer);
        this.#wake = undefined;
        resolve();
      };
      const patience = createPatience(ms);
      const timer = lookEach(ms, (now) => {
        // What came while this process stood still is taken first.
        if (patience.isOver(now)) setImmediate(() => this.#wake === wake && end());
      });
      const wake = (): void => {
        if (isDone()) end();
      };
      this.#wake = wake;
    });
  }

  close(): void {
    this.#socket.close();
  }

  #take(bytes: Buffer): void {
    this.#arrived += 1;
    this.#arrivedBytes += bytes.length;
    if (this.#arrived > MAX_ARRIVALS || this.#arrivedBytes > MAX_ARRIVED_BYTES) {
      this.#beyondLimits += 1;
      return;
    }
    this.arrivals.push({ bytes: new Uint8Array(bytes), at: performance.now(), sent: this.sentBytes.length });
    this.#wake?.();
  }

  /** Whether an error is the ICMP message of a port on which nobody listens. */
  #refuse(error: Error): boolean {
    if (!REFUSED_CODES.has(codeOf(error))) return false;
    this.refusedAt ??= performance.now();
    this.#wake?.();
    return true;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
