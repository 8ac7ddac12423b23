import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecording } from '@socklab/probe';
import { pcapng } from '@socklab/service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CAMPAIGN_MS, lineServer, stickyLab } from './probe-run.ts';
import type { PcapngConnection } from '@socklab/service';

const timeout = CAMPAIGN_MS;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sticky-lab-captured-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A capture of these connections; `edit` may leave out its blocks, two of which begin the file, or put them in another order. */
function captured(
  talks: readonly ((connection: PcapngConnection) => void)[],
  edit: (blocks: readonly Uint8Array[]) => readonly Uint8Array[] = (blocks) => blocks,
): string {
  const blocks: Uint8Array[] = [];
  const capture = pcapng({ write: (bytes) => void blocks.push(bytes.slice()) });
  for (const [index, talk] of talks.entries())
    talk(capture.connection({ host: '192.0.2.7', port: 5000 + index }, { host: '192.0.2.1', port: 80 }));
  const path = join(folder, 'x.pcapng');
  writeFileSync(path, Buffer.concat(edit(blocks)));
  return path;
}

function ask(connection: PcapngConnection): void {
  connection.data('client', Buffer.from('as'));
  connection.data('client', Buffer.from('k\n'));
  connection.data('server', Buffer.from('ask\n'));
  connection.end('client', 'fin');
}

/** The second piece of the client comes first, and once more at the end. */
function disturbed(blocks: readonly Uint8Array[]): readonly Uint8Array[] {
  return [...blocks.slice(0, 5), blocks[6]!, blocks[5]!, ...blocks.slice(7), blocks[6]!];
}

const eventsOf = (path: string): readonly unknown[] =>
  readRecording(readFileSync(path, 'utf8')).events.map(({ from, bytes, end }) => [from, end ?? Buffer.from(bytes!).toString()]);

test('makes a recording of a connection that was captured, and probe takes it', { timeout }, async () => {
  const out = join(folder, 'asked.jsonl');
  const { code, stdout, stderr } = await stickyLab([
    'record',
    '--from-pcap',
    captured([ask], disturbed),
    '--framing',
    'line',
    '--out',
    out,
  ]);
  expect([code, stdout]).toEqual([0, `recorded 4 bytes of the client and 4 bytes of the server in ${out}\n`]);
  expect(stderr).toBe(
    '2 bytes of the client came again and are recorded once\nsegments of the client that came out of order and were put in order: 1\n',
  );
  expect(readRecording(readFileSync(out, 'utf8'))).toMatchObject({ target: '192.0.2.1:80', framing: 'line' });
  expect(eventsOf(out)).toEqual([
    ['client', 'as'],
    ['client', 'k\n'],
    ['server', 'ask\n'],
    ['client', 'fin'],
  ]);
  await using server = await lineServer();
  expect(await stickyLab(['probe', '--target', server.target, '--recording', out, '--plan', 'every-cut'])).toMatchObject({ code: 0 });
});

test('records up to the first byte that the capture lacks, and says so', { timeout }, async () => {
  const out = join(folder, 'gap.jsonl');
  const path = captured([ask], (blocks) => blocks.filter((_, index) => index !== 5));
  const { code, stderr } = await stickyLab(['record', '--from-pcap', path, '--out', out]);
  expect([code, stderr]).toEqual([0, 'the capture lacks 2 bytes of the client at byte 0: recorded up to there, 4 events left out\n']);
  expect(eventsOf(out)).toEqual([]);
});

test('asks which connection is meant where there are several, and takes the one that --stream names', { timeout }, async () => {
  const out = join(folder, 'second.jsonl');
  const path = captured([ask, (connection) => connection.data('client', Buffer.from('second'))]);
  const several = await stickyLab(['record', '--from-pcap', path, '--out', out]);
  expect(several.code).toBe(2);
  expect(several.stderr).toContain(`--from-pcap ${path} has 2 connections, say which with --stream:
  0  192.0.2.7:5000 to 192.0.2.1:80: 4 bytes of the client, 4 of the server
  1  192.0.2.7:5001 to 192.0.2.1:80: 6 bytes of the client, 0 of the server
`);
  expect(await stickyLab(['record', '--from-pcap', path, '--stream', '1', '--out', out])).toMatchObject({ code: 0 });
  expect(eventsOf(out)).toEqual([['client', 'second']]);
  const none = await stickyLab(['record', '--from-pcap', path, '--stream', '2', '--out', out]);
  expect([none.code, none.stderr.includes(`--stream 2 is not in ${path}, which has 0 to 1`)]).toEqual([2, true]);
});

test('refuses what is no capture', { timeout }, async () => {
  const path = join(folder, 'no.pcap');
  writeFileSync(path, 'this is a text, and no capture of anything');
  const { code, stderr } = await stickyLab(['record', '--from-pcap', path, '--out', join(folder, 'no.jsonl')]);
  expect([code, stderr.includes('a capture is pcap or pcapng, received a file that begins with 74 68 69 73')]).toEqual([2, true]);
});
