// Bare Node: a room as a list and a loop. The first datagram of a peer joins it, the others go to all others.
import { createSocket } from 'node:dgram';
import { announce, options } from './announce.ts';

interface Member {
  readonly address: string;
  readonly port: number;
}

const members = new Map<string, Member>();
const socket = createSocket(options);
socket.on('message', (payload, { address, port }) => {
  const key = `${address}:${port}`;
  const member = members.get(key);
  if (member === undefined) {
    members.set(key, { address, port });
    socket.send(payload, port, address);
    return;
  }
  for (const other of members.values()) {
    if (other !== member) socket.send(payload, other.port, other.address);
  }
});
socket.bind(0, '127.0.0.1', () => announce(socket));
