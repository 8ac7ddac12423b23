import { once } from 'node:events';
import { createServer } from 'node:net';
import { connectTo } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { readSendQueues } from '../../src/connection/send-queues.ts';
import { turnUntil } from './links.ts';
import type { SocketRow } from '../../src/connection/send-queues.ts';
import type { Socket } from 'node:net';

const rowOf = ({ localAddress, localPort, remoteAddress, remotePort }: Socket): SocketRow =>
  ({ localAddress, localPort, remoteAddress, remotePort }) as SocketRow;

test.skipIf(process.platform !== 'linux').each(['127.0.0.1', '::1', '::'])(
  'tells what a peer of a server on %s has not acknowledged, and less once it reads',
  async (host) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = await connectTo(port, { host: host === '::' ? '127.0.0.1' : host });
    const [socket] = await accepted;
    client.pause();
    const rows = [rowOf(socket), { ...rowOf(socket), remotePort: 1 }];
    expect(await readSendQueues(rows)).toEqual([0, undefined]);
    socket.write(Buffer.alloc(16 * 1024 * 1024));
    await turnUntil(() => socket.writableLength > 0);
    const [full] = await readSendQueues(rows);
    expect(full).toBeGreaterThan(10_000);
    client.resume();
    await turnUntil(() => socket.writableLength === 0 && client.bytesRead === 16 * 1024 * 1024);
    expect((await readSendQueues(rows))[0]).toBeLessThan(full!);
    client.destroy();
    socket.destroy();
    server.close();
  },
);
