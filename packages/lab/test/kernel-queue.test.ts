import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { listening, socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { utf8 } from '../src/lab/base/text.ts';
import { untilQueued } from '../src/lab/tcp/kernel-queue.ts';
import { socketRow } from '../src/lab/tcp/socket-table.ts';
import type { ConnectionPorts } from '../src/lab/tcp/socket-table.ts';
import type { SocketPair } from '@socklab/testkit';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 14000 1 0000000046577cf4 100 0 0 10 0
   1: 0100007F:9431 0100007F:CF48 01 0000000A:00000000 00:00000000 00000000     0        0 14516 2 0000000046577cf4 20 0 0 12 -1
   2: 0100007F:CF48 0100007F:9431 01 00000000:0000001F 00:00000000 00000000     0        0 14515 2 000000004539b19d 20 4 28 10 -1
`;
const noLimit = new AbortController().signal;
const hasTable = existsSync('/proc/net/tcp');

test('reads the receive queue of the connection with these ports, seen from this end', () => {
  expect(socketRow(TABLE, { localPort: 0xcf48, remotePort: 0x9431 })?.receiveQueueBytes).toBe(31);
  expect(socketRow(TABLE, { localPort: 0x9431, remotePort: 0xcf48 })?.receiveQueueBytes).toBe(0);
});

test('tells nothing of a connection that is not listed', () => {
  expect(socketRow(TABLE, { localPort: 0xcf48, remotePort: 0x9432 })).toBeUndefined();
  expect(socketRow('', { localPort: 1, remotePort: 2 })).toBeUndefined();
});

test('says "written" of a connection that the machine does not show', async () => {
  const server = createServer();
  const port = await listening(server);
  // Nobody is connected to it.
  await expect(untilQueued({ localPort: port, remotePort: port }, 1, noLimit)).resolves.toBe('written');
  server.close();
});

test('waits until the bytes are in the queue of a receiver that does not read', async () => {
  await using pair = await socketPair({ server: { pauseOnConnect: true } });
  const queued = untilQueued(receiverPorts(pair), 9, noLimit);
  pair.client.write(utf8('hello'));
  pair.client.write(utf8('alex'));
  await expect(queued).resolves.toBe(hasTable ? 'kernel queue' : 'written');
});

test('ends with the reason of the signal', async () => {
  await using pair = await socketPair();
  const reason = new Error('over');
  await expect(untilQueued(receiverPorts(pair), 1, AbortSignal.abort(reason))).rejects.toBe(reason);
});

function receiverPorts({ server }: SocketPair): ConnectionPorts {
  return { localPort: server.localPort ?? 0, remotePort: server.remotePort ?? 0 };
}
