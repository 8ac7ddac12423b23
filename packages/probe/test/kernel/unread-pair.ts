import { once } from 'node:events';
import { createServer } from 'node:net';
import { connectTo, listening } from '@socklab/testkit';
import type { RowAddress } from '../../src/kernel/tcp-table.ts';
import type { Server, Socket } from 'node:net';

export function rowOf({ localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 }: Socket): RowAddress {
  return { localAddress, localPort, remoteAddress, remotePort };
}

export interface Pair extends AsyncDisposable {
  readonly client: Socket;
  readonly peer: Socket;
}

/** A client that writes, and a peer that reads nothing until it is told to. */
export async function pair(host: string = '127.0.0.1', listenOn: string = host): Promise<Pair> {
  const server: Server = createServer({ pauseOnConnect: true });
  const port = await listening(server, listenOn);
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = await connectTo(port, { host, noDelay: true });
  const [peer] = await accepted;
  client.on('error', () => {});
  peer.on('error', () => {});
  const dispose = async (): Promise<void> => {
    client.destroy();
    peer.destroy();
    server.close();
    await once(server, 'close');
  };
  return { client, peer, [Symbol.asyncDispose]: dispose };
}
