import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join, parse } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { createUdpGalleryServer, UDP_GALLERY } from '../../gallery/gallery.ts';
import { datagramExchange, probeDatagrams } from '../../src/index.ts';
import type { UdpGalleryServer } from '../../gallery/gallery.ts';
import type { DatagramProbeOptions, DatagramReport } from '../../src/index.ts';

const folder = join(repoRoot, 'packages', 'probe', 'gallery', 'udp');
// These end, or fall silent for good: the probe starts them again.
const RESTARTED = new Set(['dies-truncated', 'waits-for-lost']);

async function probeGallery(server: UdpGalleryServer, more: Partial<DatagramProbeOptions>): Promise<DatagramReport> {
  const { name, requests, id, coalesces = false } = server;
  const options = { exchange: datagramExchange(requests), id, coalesces, quietMs: 50, delayMs: 60, concurrency: 8, ...more };
  // One at a time: on a busy machine an address that gives up counts as lost, and each restart takes its time.
  if (RESTARTED.has(name))
    return probeDatagrams({
      ...options,
      concurrency: 1,
      run: [process.execPath, '--conditions=@socklab/source', join(folder, `${name}.ts`), '{port}'],
    });
  const socket = createUdpGalleryServer(server).bind(0, '127.0.0.1');
  await once(socket, 'listening');
  try {
    return await probeDatagrams({ ...options, target: `127.0.0.1:${socket.address().port}` });
  } finally {
    socket.close();
  }
}

test('the gallery lists every UDP server that is in its folder', () => {
  const inFolder = globSync('*.ts', { cwd: folder }).map((file) => parse(file).name);
  expect([...UDP_GALLERY.map(({ name }) => name), 'udp-server', 'udp-servers'].toSorted()).toEqual(inFolder.toSorted());
});

describe.concurrent('of the gallery', () => {
  test.for(UDP_GALLERY.filter(({ isCorrect }) => !isCorrect))('$name is found: $failure', async (server) => {
    const { plans = '', failure } = server;
    const report = await probeGallery(server, { plans, hangMs: 400, maxTruncations: 4 });
    expect(report).toMatchObject({ outcome: 'fail', control: { kind: 'ok' } });
    expect(new Set(report.cases.map((each) => each.failure))).toEqual(new Set([failure]));
  });

  test.for(UDP_GALLERY.filter(({ isCorrect }) => isCorrect))('$name raises no alarm', async (server) => {
    const report = await probeGallery(server, { hangMs: 10_000 });
    expect(report).toMatchObject({ outcome: 'pass', totals: { fail: 0, flaky: 0 }, cases: [], notes: [] });
  });
});
