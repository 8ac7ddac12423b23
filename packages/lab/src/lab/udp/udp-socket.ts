import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { LabError } from '../base/errors.ts';
import { createInbox } from '../base/inbox.ts';
import type { Text } from '../../text.ts';
import type { RunScope } from '../base/closers.ts';
import type { DatagramFlows } from './datagram-flows.ts';
import type { Bytes, BytesIn } from '@socklab/framing';
import type { Socket } from 'node:dgram';

/** A real UDP socket bound to 127.0.0.1. */
export interface UdpSocket {
  readonly port: number;
  /** Sends one datagram; resolves when the kernel has accepted it. */
  send(datagram: BytesIn, port: number): Promise<void>;
  /** The next received datagram, whole. Rejects if the socket is closed first. */
  receive(): Promise<Bytes>;
}

/** Dependencies of {@link openUdpSocket}. */
export interface UdpSocketDependencies {
  readonly scope: RunScope;
  /** Recorder of its datagrams. */
  readonly flows: DatagramFlows;
  readonly label: Text | undefined;
}

/** Opens a {@link UdpSocket} on a port chosen by the system. */
export async function openUdpSocket({ scope, flows, label }: UdpSocketDependencies): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  const inbox = createInbox<Bytes>();
  socket.on('message', (datagram: Bytes, { port: from }) => {
    flows.received(from, port, datagram);
    inbox.put(datagram);
  });
  socket.on('error', (error) => inbox.fail(error));
  socket.on('close', () => inbox.fail(new LabError('LAB_ERR_CLOSED', 'the UDP socket closed while a datagram was awaited')));
  scope.onClose(() => closeSocket(socket));
  socket.bind({ address: '127.0.0.1', port: 0 });
  await once(socket, 'listening', { signal: scope.signal });
  const { port } = socket.address();
  scope.usesPort('udp', port);
  flows.opened(port, label);
  return {
    port,
    send(datagram, to) {
      // Record before the callback: by then it may have been read.
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
