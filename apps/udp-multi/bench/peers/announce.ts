import type { Socket, SocketOptions } from 'node:dgram';

/** Says the port, as every contender does: the first line of standard output. */
export function announce(socket: Socket): void {
  process.stdout.write(`${socket.address().port}\n`);
}

const numericAtOnce = (host: string, _: unknown, found: (error: null, address: string, family: number) => void): void =>
  found(null, host, 4);

const RECV_BUFFER_BYTES = 4 * 1024 * 1024;

/** How both open their socket. With `lookup-at-once` on the command line dgram asks no resolver for a numeric address, which saves a tick each. */
export const options: SocketOptions = {
  type: 'udp4',
  recvBufferSize: RECV_BUFFER_BYTES,
  ...(process.argv.includes('lookup-at-once') ? { lookup: numericAtOnce } : {}),
};
