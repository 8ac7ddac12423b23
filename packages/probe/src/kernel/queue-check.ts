import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { startSocketDiag } from './diag-process.ts';
import { socketQuestion } from './sock-diag.ts';
import { readTable, addRow, wantedRow } from './tcp-table.ts';
import type { SocketDiag } from './diag-process.ts';
import type { RowAddress, RowIndex } from './tcp-table.ts';
import type { AddressInfo, Server, Socket } from 'node:net';

const LOOKS = 50;
const PATIENCE_MS = 1000;
const SAMPLE = Buffer.from('unread');

let known: Promise<boolean> | undefined;
let shared: SocketDiag | undefined;

/** What asks the kernel about single sockets, much faster than the tables; undefined until {@link areQueuesShown} found that it can, and once it cannot. */
export function sharedSocketDiag(): SocketDiag | undefined {
  return shared?.isOpen === true ? shared : undefined;
}

/**
 * Whether the kernel's tables show unread bytes. Some sandboxes have tables whose queues are always empty, which would
 * look like bytes that were read. Checked once a process, with a loopback connection that nobody reads.
 */
export function areQueuesShown(): Promise<boolean> {
  known ??= tryQueues();
  return known;
}

async function tryQueues(): Promise<boolean> {
  const server = createServer({ pauseOnConnect: true });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return await isSampleShown(server);
  } catch (error) {
    // No loopback, no tables: whatever the error, the queues are not visible.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  } finally {
    server.close();
  }
}

async function isSampleShown(server: Server): Promise<boolean> {
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect({ port, host: '127.0.0.1' });
  try {
    const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
    client.write(SAMPLE);
    try {
      return await untilShown(peer);
    } finally {
      peer.destroy();
    }
  } finally {
    client.destroy();
  }
}

async function untilShown({ localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 }: Socket): Promise<boolean> {
  const address = { localAddress, localPort, remoteAddress, remotePort };
  if (!(await isInTable(address))) return false;
  shared = await diagThatShows(address);
  return true;
}

async function isInTable(address: RowAddress): Promise<boolean> {
  let unreadBytes = 0;
  const index: RowIndex = new Map();
  const row = wantedRow(address, 'tcp', (_unsent, unread) => (unreadBytes = unread));
  if (row === undefined) return false;
  addRow(index, row);
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let looks = 0; looks < LOOKS || performance.now() < giveUpAt; looks++) {
    readTable('/proc/self/net/tcp', 'tcp', index, () => unreadBytes > 0);
    if (unreadBytes > 0) return unreadBytes === SAMPLE.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}

/** It is believed only if it shows what the table shows. */
async function diagThatShows(address: RowAddress): Promise<SocketDiag | undefined> {
  const question = socketQuestion(address);
  if (question === undefined) return undefined;
  const diag = startSocketDiag();
  const [answer] = (await diag.ask([question])) ?? [];
  if (answer?.isFound === true && answer.unreadBytes === SAMPLE.length) return diag;
  diag.close();
  return undefined;
}
