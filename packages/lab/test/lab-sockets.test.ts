import { openHandles } from '@socklab/testkit';
import { describe, expect, test, vi } from 'vitest';
import { createInbox } from '../src/lab/base/inbox.ts';
import { describeRanges, missingRanges } from '../src/lab/base/number-ranges.ts';
import { shown, utf8 } from '../src/lab/base/text.ts';
import { createLab } from '../src/lab/lab.ts';
import { fillConnection } from '../src/lab/peers/fill-connection.ts';
import { openTcpEnds, readBytes } from '../src/lab/peers/tcp-ends.ts';
import { openUdpPeer, receiveWaiting } from '../src/lab/peers/udp-peer.ts';
import { openSockets } from '../src/lab/tcp/loopback-sockets.ts';
import { readSocketRow, socketRow } from '../src/lab/tcp/socket-table.ts';
import { tapSocket } from '../src/lab/tcp/tap.ts';

const UDP_TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  112: 0100007F:B62C 00000000:0000 07 00000000:0001F800 00:00000000 00000000     0        0 6170055 2 0000000032421659 444
  113: 0100007F:B62C 0100007F:9F82 01 00000000:00000000 00:00000000 00000000     0        0 6170055 2 0000000032421659 0
`;
const TCP_TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1145 1 000000009c8d3247 100 0 0 10 0
   1: 0100007F:CF48 0100007F:9431 01 003E1C00:00000009 01:00000014 00000000     0        0 9876 2 000000009c8d3248 20 4 30 10 -1
`;

const CLIENT = { en: 'client', zh: '客户端' };
const SERVER = { en: 'server', zh: '服务器' };

function openLab(): ReturnType<typeof createLab> {
  return createLab(new AbortController().signal);
}

describe('socketRow', () => {
  test('finds a UDP socket by its ports, with what it dropped', () => {
    const row = { localAddress: '0100007F', sendQueueBytes: 0, receiveQueueBytes: 129_024, drops: 444 };
    expect(socketRow(UDP_TABLE, { localPort: 0xb62c, remotePort: 0 })).toEqual(row);
  });

  test('finds a TCP connection, with both of its queues', () => {
    expect(socketRow(TCP_TABLE, { localPort: 0xcf48, remotePort: 0x9431 })).toMatchObject({
      sendQueueBytes: 4_070_400,
      receiveQueueBytes: 9,
    });
  });

  test('is undefined for a socket that the table does not list', () => {
    expect(socketRow(TCP_TABLE, { localPort: 0x9431, remotePort: 0xcf48 })).toBeUndefined();
    expect(socketRow('', { localPort: 1, remotePort: 2 })).toBeUndefined();
  });
});

describe('missingRanges', () => {
  test.each([
    [[], 3, '0-2'],
    [[0, 1, 2], 3, ''],
    [[1], 3, '0, 2'],
    [[0, 4], 6, '1-3, 5'],
    [[], 0, ''],
  ])('of %j out of %d are %j', (present, count, expected) => {
    expect(describeRanges(missingRanges(new Set(present), count))).toBe(expected);
  });
});

describe('an inbox', () => {
  test('gives what came early in order, then what comes, then its failure', async () => {
    const inbox = createInbox<number>();
    inbox.put(1);
    inbox.put(2);
    expect([inbox.size, await inbox.take(), await inbox.take(), inbox.size]).toEqual([2, 1, 2, 0]);
    const third = inbox.take();
    inbox.put(3);
    expect(await third).toBe(3);
    inbox.put(4);
    inbox.fail(new Error('first'));
    inbox.fail(new Error('second'));
    expect(await inbox.take()).toBe(4);
    await expect(inbox.take()).rejects.toThrow('first');
  });

  test('fails those who wait', async () => {
    const inbox = createInbox<number>();
    const waiting = expect(Promise.all([inbox.take(), inbox.take()])).rejects.toThrow('over');
    inbox.fail(new Error('over'));
    await waiting;
  });
});

describe('openTcpEnds', () => {
  test('each direction is a flow, and nothing is open when the lab is closed', async () => {
    const before = await openHandles();
    const lab = openLab();
    const { client, server } = await openTcpEnds(lab, { client: CLIENT, server: SERVER });
    await client.write(utf8('ping'));
    await server.write(await readBytes(server, 4));
    expect(shown(await readBytes(client, 4))).toBe('ping');
    const flows = lab.recorded().flows.map(({ label, events }) => [label.en, events.map(({ type }) => type)]);
    expect(flows).toEqual([
      ['client', ['write', 'read']],
      ['server', ['write', 'read']],
    ]);
    await lab.close();
    expect(await openHandles()).toEqual(before);
  });

  test('a read that waits when the lab closes fails with LAB_ERR_CLOSED', async () => {
    const lab = openLab();
    const { client } = await openTcpEnds(lab, { client: CLIENT });
    const waiting = expect(client.read()).rejects.toThrow(expect.objectContaining({ code: 'LAB_ERR_CLOSED' }));
    await lab.close();
    await waiting;
  });

  test('a connection that is filled goes on when it is read', async () => {
    const lab = openLab();
    const { client, server } = await openTcpEnds(lab, { client: CLIENT });
    const { writtenBytes, isFull } = await fillConnection(lab, { sender: client, receiver: server }, 65_536);
    expect(isFull).toBe(true);
    expect(await readBytes(server, writtenBytes)).toHaveLength(writtenBytes);
    await lab.close();
  });
});

test.runIf(process.platform === 'linux')('a connection is seen full, and its queues, however long a look at them takes', async () => {
  const lab = openLab();
  const { client, server } = await openTcpEnds(lab, { client: CLIENT });
  // As when this process gets no processor between any two lines.
  let nowMs = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 600));
  const { isFull, queued, completedBytes } = await fillConnection(lab, { sender: client, receiver: server }, 65_536);
  now.mockRestore();
  expect(isFull).toBe(true);
  expect(queued!.sendQueueBytes + queued!.receiveQueueBytes).toBeGreaterThanOrEqual(completedBytes);
  await lab.close();
});

describe('tapSocket', () => {
  test('passes bytes on and records them, empty writes left out', async () => {
    const lab = openLab();
    const { client, server } = await openSockets(lab);
    const recorder = lab.converse({ label: CLIENT, transport: 'tcp' });
    const answers = lab.converse({ label: SERVER, transport: 'tcp' });
    const writing = tapSocket(client, recorder, answers);
    const reading = tapSocket(server, answers, recorder);
    writing.write('ab');
    writing.write('');
    writing.end('c');
    const chunks: Uint8Array[] = [];
    for await (const chunk of reading) chunks.push(chunk as Uint8Array);
    expect(Buffer.concat(chunks).toString()).toBe('abc');
    const { events, totalBytes } = lab.recorded().flows[0]!;
    expect(totalBytes).toBe(3);
    expect(events.filter(({ type }) => type === 'write')).toHaveLength(2);
    await lab.close();
  });
});

describe('openUdpPeer', () => {
  test('tells who sent, and keeps what was lost apart from what arrived', async () => {
    const lab = openLab();
    const receiver = await openUdpPeer(lab, { receiveBufferBytes: 4096 });
    const sender = await openUdpPeer(lab);
    const flow = sender.flowTo(receiver, CLIENT);
    const sent = Array.from({ length: 100 }, (_, index) => Buffer.alloc(1000, index));
    await Promise.all(sent.map((datagram) => flow.send(datagram)));
    const received = await receiveWaiting(receiver, flow);
    expect(received.length).toBeGreaterThan(0);
    expect(received.length).toBeLessThan(100);
    expect(received[0]).toMatchObject({ sourcePort: sender.port, sourceAddress: '127.0.0.1' });
    const reads = lab.recorded().flows[0]!.events.flatMap((event) => (event.type === 'read' ? [event.start] : []));
    // The empty datagram that ends it is sent by us, and is not counted as one of the program's.
    expect(reads).toEqual(received.map(({ payload }) => (payload[0] ?? 0) * 1000));
    expect(lab.recorded().flows[0]!.totals).toMatchObject({ write: 100, read: received.length });
    await lab.close();
  });

  test.runIf(process.platform === 'linux')('the kernel lists it', async () => {
    const lab = openLab();
    const { port } = await openUdpPeer(lab);
    expect(await readSocketRow('udp', { localPort: port, remotePort: 0 })).toMatchObject({ receiveQueueBytes: 0, drops: 0 });
    await lab.close();
  });
});

test('a lab that is closed opens none of them', async () => {
  const before = await openHandles();
  const lab = openLab();
  await lab.close();
  const refused = expect.objectContaining({ code: 'LAB_ERR_CLOSED' });
  await expect(openSockets(lab)).rejects.toThrow(refused);
  await expect(openUdpPeer(lab)).rejects.toThrow(refused);
  expect(await openHandles()).toEqual(before);
});
