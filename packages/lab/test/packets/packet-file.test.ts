import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCapture } from '@socklab/service/capture';
import { temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { alike, utf8 } from '../../src/lab/base/text.ts';
import { createLab } from '../../src/lab/lab.ts';
import { openPacketFile } from '../../src/lab/packets/packet-file.ts';
import { openTcpEnds } from '../../src/lab/peers/tcp-ends.ts';
import type { PacketFile } from '../../src/lab/packets/packet-file.ts';

const noLimit = new AbortController().signal;
const NO_TCPDUMP = '/nonexistent/tcpdump';

interface Ports {
  readonly client: number;
  readonly server: number;
  readonly udp: readonly [number, number];
}

/** A run in which a client asks, a server answers and ends, and a datagram is sent. */
async function talk(file: PacketFile): Promise<Ports> {
  const packets = file.run();
  const lab = createLab(noLimit, { packets });
  try {
    const { client, server } = await openTcpEnds(lab, { client: alike('there'), server: alike('back') });
    await client.write(utf8('ask'));
    await server.read();
    await server.write(utf8('answer'));
    await client.read();
    server.end();
    await client.read();
    const [from, to] = [await lab.udpSocket(), await lab.udpSocket()];
    await from.send(utf8('a datagram'), to.port);
    await to.receive();
    return { client: client.ports.localPort, server: client.ports.remotePort, udp: [from.port, to.port] };
  } finally {
    await lab.close();
    packets.end();
  }
}

test('where there is no tcpdump the file has what the programs wrote, with their times and addresses, and says so', async () => {
  const written: Uint8Array[] = [];
  const file = await openPacketFile({ write: (bytes) => void written.push(bytes), tcpdump: NO_TCPDUMP });
  const before = Date.now();
  const ports = await talk(file);
  const after = Date.now() + 1;
  expect(await file.close()).toEqual({ kind: 'written', why: 'absent' });
  const { streams, otherPackets, isTorn } = readCapture(Buffer.concat(written));
  expect([streams.length, otherPackets, isTorn]).toEqual([1, { 'not TCP': 1 }, false]);
  const { client, server, startedAt, events } = streams[0]!;
  expect([client.host, client.port, server.host, server.port]).toEqual(['127.0.0.1', ports.client, '127.0.0.1', ports.server]);
  expect(events.map(({ from, bytes, end }) => `${from} ${bytes === undefined ? end : Buffer.from(bytes).toString()}`)).toEqual([
    'client ask',
    'server answer',
    'server fin',
  ]);
  expect(startedAt).toBeGreaterThanOrEqual(before - 1);
  expect(startedAt + events.at(-1)!.ms).toBeLessThanOrEqual(after);
  const datagram = Buffer.concat(written).indexOf('a datagram');
  const header = Buffer.concat(written).subarray(datagram - 8);
  expect([header.readUInt16BE(0), header.readUInt16BE(2)]).toEqual(ports.udp);
});

test('a file that cannot be written fails when it is closed, and the runs go on', async () => {
  const full = new Error('no space left');
  const file = await openPacketFile({
    write: () => {
      throw full;
    },
    tcpdump: NO_TCPDUMP,
  });
  await talk(file);
  await expect(file.close()).rejects.toBe(full);
});

test('a file that is full has whole packets, and says so', async () => {
  const written: Uint8Array[] = [];
  const file = await openPacketFile({ write: (bytes) => void written.push(bytes), tcpdump: NO_TCPDUMP, maxBytes: 600 });
  await talk(file);
  expect(await file.close()).toEqual({ kind: 'full', maxBytes: 600 });
  const bytes = Buffer.concat(written);
  expect(bytes.length).toBeLessThanOrEqual(600);
  expect(readCapture(bytes).isTorn).toBe(false);
});

test.each([
  ['that writes something else', 'echo "something that is longer than the header of a file"; exec sleep 60'],
  ['that ends at once', 'exit 0'],
])('a tcpdump %s disturbs no run, and the file is told to lack packets', async (_, script) => {
  await using folder = await temporaryFolder();
  const tcpdump = join(folder.path, 'tcpdump');
  await writeFile(tcpdump, `#!/bin/sh\necho "tcpdump: listening on lo" >&2\n${script}\n`);
  await chmod(tcpdump, 0o755);
  const file = await openPacketFile({ write: () => undefined, tcpdump });
  await talk(file);
  expect(await file.close()).toEqual({ kind: 'ended' });
});
