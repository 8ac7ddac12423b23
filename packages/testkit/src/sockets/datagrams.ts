import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createWatch } from '../waiting/watch.ts';
import type { Watch } from '../waiting/watch.ts';
import type { RemoteInfo, Socket } from 'node:dgram';

/** One received datagram. */
export interface Datagram {
  readonly payload: Buffer;
  /** The payload as UTF-8. */
  readonly text: string;
  /** Who sent it. */
  readonly peer: RemoteInfo;
}

/** A UDP socket on a loopback port, which keeps what it receives until asked. `await using` closes it. */
export interface BoundUdp extends AsyncDisposable {
  readonly socket: Socket;
  readonly port: number;
  /** Sends one datagram to a port of the same host; resolves when the system took it. */
  send(payload: string | Uint8Array, port: number): Promise<void>;
  /** The next datagram in order of arrival. */
  next(): Promise<Datagram>;
  /** Number of datagrams that arrived and were not asked for yet. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** Binds a {@link BoundUdp} to a port that the system picks. An IPv6 host makes it a udp6 socket. */
export async function boundUdp(host: string = '127.0.0.1'): Promise<BoundUdp> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const inbox = receivedOf(socket);
  socket.bind(0, host);
  await once(socket, 'listening');
  const close = async (): Promise<void> => closeSocket(socket);
  return {
    socket,
    port: socket.address().port,
    send: (payload, port) => send(socket, payload, port, host),
    next: () => nextDatagram(socket),
    get waiting() {
      return inbox.datagrams.length;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * The next datagram that a socket receives. From the first call on (for {@link boundUdp} from the start) datagrams
 * that come between two calls wait for the next one. Rejects with the socket's error, or when it is closed.
 */
export function nextDatagram(socket: Socket): Promise<Datagram> {
  const { datagrams, watch } = receivedOf(socket);
  return watch.until('a datagram', () => datagrams.shift());
}

interface ReceivedDatagrams {
  readonly datagrams: Datagram[];
  readonly watch: Watch;
}

const receivedBySocket = new WeakMap<Socket, ReceivedDatagrams>();

function receivedOf(socket: Socket): ReceivedDatagrams {
  const known = receivedBySocket.get(socket);
  if (known !== undefined) return known;
  const inbox: ReceivedDatagrams = { datagrams: [], watch: createWatch({ describe: () => 'nothing waits' }) };
  socket.on('message', (payload, peer) => {
    inbox.datagrams.push({ payload, text: payload.toString('utf8'), peer });
    inbox.watch.changed();
  });
  socket.on('error', (error) => inbox.watch.ended(error));
  socket.on('close', () => inbox.watch.ended('the socket was closed'));
  receivedBySocket.set(socket, inbox);
  return inbox;
}

function send(socket: Socket, payload: string | Uint8Array, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(payload, port, host, (error) => (error === null ? resolve() : reject(error)));
  });
}

async function closeSocket(socket: Socket): Promise<void> {
  const done = once(socket, 'close');
  try {
    socket.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SOCKET_DGRAM_NOT_RUNNING') return;
    throw error;
  }
  await done;
}
