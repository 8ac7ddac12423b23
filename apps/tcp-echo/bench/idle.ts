import { connect } from 'node:net';
import { residentBytes, startListening } from '@socklab/bench';
import type { Contender } from './contenders.ts';
import type { Socket } from 'node:net';

/** Resident memory of one idle connection, in bytes. */
export async function idleBytesPerConnection(contender: Contender, connections: number): Promise<number> {
  await using server = await startListening(contender.command);
  const warm = await open(server.port, 100);
  const before = residentBytes(server.pid);
  const idle = await open(server.port, connections);
  const after = residentBytes(server.pid);
  const gone = [...warm, ...idle].filter(({ readable }) => !readable).length;
  if (gone > 0) throw new Error(`${contender.name} closed ${gone} of the connections that are to be idle`);
  for (const socket of [...warm, ...idle]) socket.destroy();
  return (after - before) / connections;
}

/** Opens connections, in batches, and has one byte answered on each: then the server has accepted all. */
async function open(port: number, count: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const batch = Math.min(100, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: batch }, () => openOne(port)))));
  }
  return sockets;
}

function openOne(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject).once('data', () => resolve(socket));
    socket.once('connect', () => socket.write('x'));
  });
}
