import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { standStill, startCommand, temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createClosers } from '../src/lab/base/closers.ts';
import { alike, utf8 } from '../src/lab/base/text.ts';
import { createLab } from '../src/lab/lab.ts';
import { recvSizes } from '../src/lab/record/recv.ts';
import { GrowingBytes } from '../src/lab/tcp/segments/growing-bytes.ts';
import { capturePort } from '../src/lab/tcp/segments/port-capture.ts';
import type { RecordedFlow } from '../src/picture/flow.ts';

const noLimit = new AbortController().signal;
const tells = process.platform === 'linux' && spawnSync('ss', ['--version']).status === 0;
const mayCapture = process.platform === 'linux' && spawnSync('tcpdump', ['-i', 'lo', '-p', '-L']).status === 0;

/** Two sends back to back, glued by one read. */
async function twoSends(tcpdump: string, connected: () => Promise<void> = async () => undefined): Promise<RecordedFlow> {
  const lab = createLab(noLimit, { tcpdump });
  try {
    const { sender, arrived, receiver } = await lab.tcpPair(recvSizes(1024), { label: alike('two sends'), hasSegments: true });
    await connected();
    sender.send(utf8('Zq9w1'));
    sender.send(utf8('Xk7v'));
    await arrived(9);
    sender.end();
    receiver.start();
    await receiver.result();
    return lab.recorded().flows[0]!;
  } finally {
    await lab.close();
  }
}

function types({ events }: RecordedFlow): readonly string[] {
  return events.map(({ type }) => type);
}

test.runIf(mayCapture)('a capture tells each segment with its time, the same as another tcpdump says', async () => {
  // Behind the 32 bytes of TCP's header: the first letters of both texts, which no other test sends.
  const ours = 'tcp[32:4] = 0x5a713977 or tcp[32:4] = 0x586b3776';
  await using other = startCommand(['tcpdump', '-i', 'lo', '-p', '-n', '-tt', '-l', '--immediate-mode', ours]);
  await other.line(/listening on/, 'stderr');
  const flow = await twoSends('tcpdump');
  const sent = flow.events.filter((event) => event.type === 'segment');
  expect(sent.map(({ start, end }) => [start, end])).toEqual([
    [0, 5],
    [5, 9],
  ]);
  const [, first] = await other.waitFor(/^(\d+\.\d+) .*length 5$/m);
  const [, second] = await other.waitFor(/^(\d+\.\d+) .*length 4$/m);
  const apartUs = Math.round((Number(second) - Number(first)) * 1e6);
  expect(Math.abs(sent[1]!.us - sent[0]!.us - apartUs)).toBeLessThanOrEqual(2);
  expect(types(flow).indexOf('segment')).toBeGreaterThan(types(flow).indexOf('write'));
  expect(flow.segments).toEqual([]);
});

test.runIf(mayCapture)('the capture ends with the run', async () => {
  await twoSends('tcpdump', async () => {
    expect(children()).toContain('tcpdump');
  });
  expect(children()).not.toContain('tcpdump');
});

test.runIf(tells).each([
  ['absent', 'there is no tcpdump', ''],
  ['refused', 'tcpdump may not capture', 'echo "tcpdump: lo: You don\'t have permission" >&2; exit 1'],
  ['incomplete', 'the capture lacks some', 'echo "tcpdump: listening on lo" >&2; exec sleep 60'],
  [
    'incomplete',
    'what was captured is no capture',
    'echo "tcpdump: listening on lo" >&2; echo "something that is longer than a header"; exec sleep 60',
  ],
])('the kernel’s count stands in, without a time: %s, where %s', async (whyNoTimes, _, script) => {
  await using folder = await temporaryFolder();
  const program = script === '' ? join(folder.path, 'tcpdump') : await tcpdumpOf(folder.path, script);
  const flow = await twoSends(program);
  expect(flow.segments).toEqual([{ start: 0, end: 9, count: 2, whyNoTimes }]);
  // The sender's end waits for the answer; what happened to the bytes does not.
  expect(types(flow)).toEqual(['write', 'write', 'read', 'end', 'read']);
});

test.runIf(process.platform !== 'win32')('what was captured while this process stood still is found', async () => {
  await using folder = await temporaryFolder();
  const packets = join(folder.path, 'packets');
  const program = await tcpdumpOf(folder.path, `mkfifo ${packets}; echo "listening on" >&2; exec cat ${packets}`);
  const closers = createClosers();
  const capture = await capturePort(program, 1, { signal: noLimit, onClose: (close) => closers.add(close), usesPort: () => {} });
  if (typeof capture === 'string') throw new Error(capture);
  const found = capture.find((file) => (file.length > 0 ? file.length : undefined), 50);
  writeFileSync(packets, 'packet');
  standStill(100);
  expect(await found).toBe(6);
  await closers.closeAll();
});

test('a capture is one piece of memory all the time: looking at it after each packet copies nothing', () => {
  const file = new GrowingBytes();
  const memories = new Set<ArrayBufferLike>();
  const packet = Uint8Array.from({ length: 2000 }, (_, at) => at);
  const first = utf8('first');
  file.add(first);
  const seen = file.all;
  for (let packets = 0; packets < 2000; packets++) {
    file.add(packet);
    memories.add(file.all.buffer);
  }
  // Twice as much each time, from 64 KiB to 4 MiB.
  expect(memories.size).toBe(7);
  expect(seen).toEqual(first);
  expect(file.byteLength).toBe(4_000_005);
  expect(file.all.subarray(-2000)).toEqual(packet);
});

/** A program that is called as tcpdump is. */
async function tcpdumpOf(folder: string, script: string): Promise<string> {
  const program = join(folder, 'tcpdump');
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  return program;
}

/** The names of the processes that this one started. */
function children(): readonly string[] {
  return spawnSync('ps', ['--ppid', `${process.pid}`, '-o', 'comm='], { encoding: 'utf8' }).stdout.split('\n');
}
