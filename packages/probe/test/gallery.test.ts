import { globSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, parse } from 'node:path';
import {
  closed,
  connectTo,
  foreignPeer,
  listening,
  readAll,
  repoRoot,
  startCommand,
  startTerminal,
  terminalAvailable,
} from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { createGalleryServer, GALLERY, payloadOneRecv, resetsOnShortRead, sharedBuffer } from '../gallery/gallery.ts';
import { requestExchange } from '../src/exchange/create.ts';
import { probe } from '../src/probe.ts';
import { readReport, writeReport } from '../src/report/json.ts';
import type { GalleryServer } from '../gallery/gallery.ts';
import type { Pace } from '../src/delivery/pace.ts';
import type { ProbeReport } from '../src/report/model.ts';

const isLinux = process.platform === 'linux';
// There is time enough, however busy the machine is.
const pace: Pace = { kind: 'drain', timeoutMs: 10_000 };
const folder = join(repoRoot, 'packages', 'probe', 'gallery');
const python = foreignPeer('python3');

/** A server of the gallery as a program. */
interface Program {
  readonly file: string;
  readonly server: GalleryServer;
}

// A server that is there in Python too is the same in all but the language.
const inPython: readonly Program[] = globSync('*.py', { cwd: folder }).map((file) => ({
  file,
  server: GALLERY.find(({ name }) => name === parse(file).name.replaceAll('_', '-'))!,
}));
const programs: readonly Program[] = [
  ...GALLERY.map((server) => ({ file: `${server.name}.ts`, server })),
  ...(python.available ? inPython : []),
];

async function probeProgram({ file, server }: Program, hangMs: number): Promise<ProbeReport> {
  await using program = startCommand([file.endsWith('.ts') ? process.execPath : python.command, join(folder, file)]);
  const port = await program.line(/^\d+$/);
  return await probeServer(server, port, hangMs);
}

function probeServer({ request, framing, plans }: GalleryServer, port: string | number, hangMs: number): Promise<ProbeReport> {
  return probe({ target: `127.0.0.1:${port}`, exchange: requestExchange(request, { framing }), plans, pace, hangMs });
}

function smallestCuts({ cases }: ProbeReport): readonly (string | undefined)[] {
  return cases.flatMap(({ shrunk }) => (shrunk === undefined ? [] : [shrunk.trial.shape]));
}

test('the gallery lists every server that is in its folder', () => {
  const shared = ['connection', 'gallery', 'gallery-server', 'requests', 'run', 'servers'];
  const inFolder = globSync('*.ts', { cwd: folder }).map((file) => parse(file).name);
  expect([...GALLERY.map(({ name }) => name), ...shared].toSorted()).toEqual(inFolder.toSorted());
});

test.skipIf(!terminalAvailable())('a server in a terminal tells where it listens and how to end it', async () => {
  await using terminal = startTerminal([process.execPath, join(folder, 'line.ts')]);
  await terminal.waitFor(/line: listening on 127\.0\.0\.1:\d+; Ctrl-C ends it/);
});

test('a server in Python is called as the one that it repeats', () => {
  expect(inPython).toHaveLength(3);
  for (const { server } of inPython) expect(GALLERY).toContain(server);
});

// Most of their time is spent waiting for what hangs, so they do it at the same time.
describe.runIf(isLinux).concurrent('of the gallery', () => {
  // What hangs hangs for good; so short a wait only makes the tests shorter.
  test.for(programs.filter(({ server }) => !server.isCorrect))('$file is found, shrunk and named', async (program) => {
    const { bug, smallestCut } = program.server;
    const report = await probeProgram(program, 600);
    expect(report).toMatchObject({ outcome: 'fail', control: { kind: 'ok' } });
    expect(report.totals).toMatchObject({ unconfirmed: 0, flaky: 0 });
    expect(report.diagnosis?.bug).toBe(bug);
    if (smallestCut !== undefined) expect(smallestCuts(report)).toContain(String(smallestCut));
    expect(readReport(writeReport(report))).toEqual(report);
  });

  test.for(programs.filter(({ server }) => server.isCorrect))('$file raises no alarm', async (program) => {
    const report = await probeProgram(program, 10_000);
    expect(report).toMatchObject({ outcome: 'pass', totals: { fail: 0, flaky: 0, unconfirmed: 0 } });
  });

  test('shared-buffer is told from other bugs by what it leaves behind', async () => {
    const report = await probeProgram({ file: 'shared-buffer.ts', server: sharedBuffer }, 600);
    expect(report.cases[0]?.detail).toContain('what one connection leaves behind reaches others');
  });

  test('a server runs in another program as it does by itself', async () => {
    const server = createGalleryServer(payloadOneRecv);
    const report = await probeServer(payloadOneRecv, await listening(server), 600);
    server.close();
    expect(report).toMatchObject({ outcome: 'fail', diagnosis: { bug: payloadOneRecv.bug } });
    expect(smallestCuts(report)).toContain(String(payloadOneRecv.smallestCut));
  });
});

describe('a server of the gallery', () => {
  test('runs only as the program that its file is', async () => {
    const script = `process.stdout.write(typeof (await import('@socklab/probe/gallery')).line)`;
    const options = ['--conditions=@socklab/source', '--input-type=module', '--eval', script];
    await using other = startCommand([process.execPath, ...options, 'line'], { cwd: folder });
    expect(await other.exit()).toMatchObject({ code: 0, stdout: 'object' });
  });

  test('answers a frame of no bytes', async () => {
    const server = createGalleryServer(payloadOneRecv);
    const socket = await connectTo(await listening(server));
    server.close();
    socket.end(Buffer.alloc(4));
    await expect(readAll(socket)).resolves.toEqual(Buffer.alloc(4));
  });

  test('that resets on a short read does so for the second message too', async () => {
    const server = createGalleryServer(resetsOnShortRead);
    const socket = await connectTo(await listening(server));
    server.close();
    socket.write(Buffer.concat([resetsOnShortRead.request, Buffer.alloc(2)]));
    await expect(closed(socket)).resolves.toMatchObject({ code: 'ECONNRESET' });
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
