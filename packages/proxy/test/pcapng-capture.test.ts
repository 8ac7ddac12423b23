import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pcapng } from '@socklab/service';
import { readCapture } from '@socklab/service/capture';
import { temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { joinedCaptures, openPcapng } from '../src/index.ts';
import type { Capture } from '../src/index.ts';

const [CLIENT, PROXY, LOCAL, TARGET] = [5000, 9100, 6000, 80].map((port) => ({ host: '127.0.0.1', port })) as [
  { host: string; port: number },
  { host: string; port: number },
  { host: string; port: number },
  { host: string; port: number },
];

/** A connection on which the client says `hello`, which goes on in two pieces, and the target answers. */
function talk(capture: Capture): void {
  const [up, down] = [{ connection: 1, direction: 'up' } as const, { connection: 1, direction: 'down' } as const];
  capture.connected?.(1, { end: 'client', from: CLIENT, to: PROXY });
  capture.read(up, Buffer.from('hel??'), 3);
  capture.connected?.(1, { end: 'target', from: LOCAL, to: TARGET });
  capture.read(up, Buffer.from('lo'), 2);
  capture.wrote(up, 1, true);
  capture.wrote(up, 4, true);
  capture.read(down, Buffer.from('hi'), 2);
  capture.wrote(down, 2, false);
  capture.end(up, 'fin');
  capture.gone?.(1);
  capture.close();
}

test('both connections are there, one in the pieces that were read, one in those that were written', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'x.pcapng');
  const stopped: string[] = [];
  talk(joinedCaptures([openPcapng({ path, maxBytes: 1e6, onStopped: (code) => stopped.push(code) })])!);
  const { streams } = readCapture(readFileSync(path));
  const told = streams.map(({ client, server, events }) => [
    client.port,
    server.port,
    ...events.map(({ from, bytes, end }) => `${from} ${end ?? Buffer.from(bytes!).toString()}`),
  ]);
  expect(told).toEqual([
    [5000, 9100, 'client hel', 'client lo', 'server hi', 'client fin'],
    [6000, 80, 'client h', 'client ello', 'server hi', 'client fin'],
  ]);
  expect(stopped).toEqual([]);
});

test('a file that is full ends the capture once, and is a capture up to there', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'x.pcapng');
  const stopped: string[] = [];
  let headBytes = 0;
  pcapng({ write: (bytes) => void (headBytes += bytes.length) });
  talk(openPcapng({ path, maxBytes: headBytes + 300, onStopped: (code) => stopped.push(code) }));
  expect([stopped, readCapture(readFileSync(path)).isTorn]).toEqual([['full'], false]);
  expect(joinedCaptures([])).toBeUndefined();
});

test('several captures are told the same', () => {
  const told: string[] = [];
  const capture = (name: string): Capture => ({
    read: () => void told.push(`${name} read`),
    wrote: () => void told.push(`${name} wrote`),
    end: () => void told.push(`${name} end`),
    close: () => void told.push(`${name} close`),
  });
  talk(joinedCaptures([capture('a'), capture('b')])!);
  expect(told.slice(0, 2)).toEqual(['a read', 'b read']);
  expect(told.slice(-2)).toEqual(['a close', 'b close']);
});
