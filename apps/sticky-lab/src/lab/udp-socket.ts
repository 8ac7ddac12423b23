import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Bytes, BytesIn } from '@socklab/framing';
import type { Text } from '../text.ts';
import type { Closers } from './closers.ts';
import type { DatagramFlows } from './datagram-flows.ts';
import { LabError } from './errors.ts';

/** A real UDP socket bound to 127.0.0.1. */
export interface UdpSocket {
  readonly port: number;
  /** Sends one datagram; resolves when the kernel has taken it. */
  send(datagram: BytesIn, port: number): Promise<void>;
  /** The next datagram that arrived, whole. Rejects when the socket is closed first. */
  receive(): Promise<Bytes>;
}

/** What {@link openUdpSocket} works with. */
export interface UdpSurroundings {
  readonly closers: Closers;
  readonly signal: AbortSignal;
  /** Where its datagrams are recorded. */
  readonly flows: DatagramFlows;
  readonly label: Text | undefined;
}

/** Opens a {@link UdpSocket} on a port that the system picks. */
export async function openUdpSocket({ closers, signal, flows, label }: UdpSurroundings): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  const inbox = createInbox();
  socket.on('message', (datagram: Bytes, { port: from }) => {
    flows.received(from, port, datagram);
    inbox.put(datagram);
  });
  socket.on('error', (error) => inbox.fail(error));
  socket.on('close', () => inbox.fail(new LabError('LAB_ERR_CLOSED', 'the UDP socket closed while a datagram was awaited')));
  closers.add(() => closeSocket(socket));
  socket.bind({ address: '127.0.0.1', port: 0 });
  await once(socket, 'listening', { signal });
  const { port } = socket.address();
  flows.opened(port, label);
  return {
    port,
    send(datagram, to) {
      // Before it is told to have gone: by then it may have been read.
      flows.sent(port, to, datagram);
      return new Promise((resolve, reject) => {
        socket.send(datagram, to, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
      });
    },
    receive: () => inbox.take(),
  };
}

async function closeSocket(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}

interface Inbox {
  put(datagram: Bytes): void;
  fail(error: Error): void;
  take(): Promise<Bytes>;
}

function createInbox(): Inbox {
  const datagrams: Bytes[] = [];
  const takers: { resolve: (datagram: Bytes) => void; reject: (error: Error) => void }[] = [];
  let failure: Error | undefined;
  return {
    put(datagram) {
      const taker = takers.shift();
      if (taker === undefined) datagrams.push(datagram);
      else taker.resolve(datagram);
    },
    fail(error) {
      failure ??= error;
      for (const { reject } of takers.splice(0)) reject(failure);
    },
    async take() {
      const datagram = datagrams.shift();
      if (datagram !== undefined) return datagram;
      if (failure !== undefined) throw failure;
      return new Promise((resolve, reject) => {
        takers.push({ resolve, reject });
      });
    },
  };
}
