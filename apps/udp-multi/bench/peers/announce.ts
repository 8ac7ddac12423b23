import type { Socket, SocketOptions } from 'node:dgram';

/** Prints the port, as all contenders do: the first line of standard output. */
export function announce(socket: Socket): void {
  process.stdout.write(`${socket.address().port}\n`);
}

const numericAtOnce = (host: string, _: unknown, found: (error: null, address: string, family: number) => void): void =>
  found(null, host, 4);

const RECV_BUFFER_BYTES = 4 * 1024 * 1024;

/** How both open their socket. With the argument `lookup-at-once` dgram asks no resolver for a numeric address, which saves a tick. */
export const options: SocketOptions = {
  type: 'udp4',
  recvBufferSize: RECV_BUFFER_BYTES,
  ...(process.argv.includes('lookup-at-once') ? { lookup: numericAtOnce } : {}),
};
