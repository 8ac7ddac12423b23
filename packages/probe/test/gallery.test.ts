import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { foreignPeer, listening, startCommand } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { GALLERY, type GalleryEntry } from '../gallery/index.ts';
import type { Pace } from '../src/delivery/pace.ts';
import { requestExchange } from '../src/exchange/create.ts';
import { probe } from '../src/probe.ts';
import { readReport, writeReport } from '../src/report/json.ts';
import type { ProbeReport } from '../src/report/model.ts';

const isLinux = process.platform === 'linux';
// There is time enough, however busy the machine is.
const pace: Pace = { kind: 'drain', timeoutMs: 10_000 };
const python = foreignPeer('python3');
const runnable = GALLERY.filter(({ language }) => language === 'node' || python.available);

async function probeEntry({ file, language, request, framing, plans }: GalleryEntry, hangMs: number): Promise<ProbeReport> {
  await using server = startCommand([language === 'node' ? process.execPath : python.command, file]);
  const port = await server.line(/^\d+$/);
  return await probe({ target: `127.0.0.1:${port}`, exchange: requestExchange(request, { framing }), plans, pace, hangMs });
}

function smallestCuts({ cases }: ProbeReport): readonly (string | undefined)[] {
  return cases.flatMap(({ shrunk }) => (shrunk === undefined ? [] : [shrunk.trial.shape]));
}

test('the gallery lists every server that is in its folder', () => {
  const files = readdirSync(new URL('../gallery/', import.meta.url)).filter((file) => /\.(ts|py)$/.test(file));
  const listed = GALLERY.map(({ file }) => file.split('/').at(-1));
  expect(new Set([...listed, 'index.ts', 'recv.ts'])).toEqual(new Set(files));
});

// Most of their time is spent waiting for what hangs, so they do it at the same time.
describe.runIf(isLinux).concurrent('of the gallery', () => {
  // What hangs hangs for good; so short a wait only makes the tests shorter.
  test.for(runnable.filter(({ isCorrect }) => !isCorrect))('$name is found, shrunk and named', async (entry) => {
    const report = await probeEntry(entry, 600);
    expect(report).toMatchObject({ outcome: 'fail', control: { kind: 'ok' } });
    expect(report.totals).toMatchObject({ unconfirmed: 0, flaky: 0 });
    expect(report.diagnosis?.bug).toBe(entry.bug);
    if (entry.smallestCut !== undefined) expect(smallestCuts(report)).toContain(String(entry.smallestCut));
    expect(readReport(writeReport(report))).toEqual(report);
  });

  test.for(runnable.filter(({ isCorrect }) => isCorrect))('$name raises no alarm', async (entry) => {
    const report = await probeEntry(entry, 10_000);
    expect(report).toMatchObject({ outcome: 'pass', totals: { fail: 0, flaky: 0, unconfirmed: 0 } });
  });

  test('shared-buffer is told from other bugs by what it leaves behind', async () => {
    const report = await probeEntry(
      GALLERY.find(({ name }) => name === 'shared-buffer')!,
      600,
    );
    expect(report.cases[0]?.detail).toContain('what one connection leaves behind reaches others');
  });
});

describe.runIf(isLinux)('servers that people use', () => {
  test('node:http raises no alarm, over every single cut and with requests glued', async () => {
    const server = createServer((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (text: string) => (body += text)).on('end', () => response.end(`${request.method} ${body}`));
    });
    const request = Buffer.from('POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\ngrüße!');
    const target = `127.0.0.1:${await listening(server)}`;
    const report = await probe({ target, exchange: requestExchange(request), plans: 'every-cut+crlf+utf8+glue:2', pace, hangMs: 10_000 });
    server.close();
    expect(report).toMatchObject({ outcome: 'pass', totals: { fail: 0, flaky: 0, unconfirmed: 0 } });
    expect(report.totals.pass).toBeGreaterThan(request.length - 1);
  });

  test('ws raises no alarm, its upgrade and its messages cut everywhere', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => void socket.on('message', (message) => socket.send(message)));
    const upgrade = `GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n`;
    const message = Buffer.from([0x81, 0x85, 1, 2, 3, 4, 0x68 ^ 1, 0x65 ^ 2, 0x6c ^ 3, 0x6c ^ 4, 0x6f ^ 1]);
    const exchange = requestExchange(Buffer.concat([Buffer.from(upgrade), message]));
    const report = await probe({ target: `127.0.0.1:${await listening(server)}`, exchange, pace, hangMs: 10_000 });
    sockets.close();
    server.close();
    expect(report).toMatchObject({ outcome: 'pass', totals: { fail: 0, flaky: 0, unconfirmed: 0 } });
  });
});
