import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecording } from '@socklab/probe';
import { listening, readAll } from '@socklab/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAMPAIGN_MS, galleryServer, isLinux, lineServer, startStickyLab, stickyLab } from './probe-run.ts';
import type { Program } from '@socklab/testkit';
import type { Socket } from 'node:net';

const timeout = CAMPAIGN_MS;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sticky-lab-record-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function startRecording(target: string, out: string, ...more: readonly string[]): Program {
  return startStickyLab(['record', '--target', target, '--out', out, ...more]);
}

async function clientOf(recorder: Program): Promise<Socket> {
  const line = await recorder.line(/connect to tcp:/, 'stderr');
  const socket = connect({ port: Number(/:(\d+)$/.exec(line)?.[1]), host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

/** Says one thing, reads to the end, and returns what came. */
async function ask(recorder: Program, request: string): Promise<string> {
  const socket = await clientOf(recorder);
  socket.end(request);
  return (await readAll(socket)).toString('latin1');
}

function clientCommand(isWhole: boolean): string {
  return `'${process.execPath}' -e "${clientScript(isWhole).replaceAll(/["\\]/g, String.raw`\$&`)}" {port} {host}`;
}

/** A client as somebody would write it, in one line: it asks, and prints the first whole line, or the first chunk. */
function clientScript(isWhole: boolean): string {
  const done = isWhole ? "text.includes('\\n')" : 'true';
  return `const s = require('net').connect({ port: process.argv[1], host: process.argv[2] }, () => s.write('ask\\n')); let text = ''; s.on('data', (chunk) => { text += chunk; if (${done}) { console.log(text.trim()); s.end(); s.pause(); } });`;
}

describe('record', () => {
  test('passes one connection on, saves both directions and their ends, and stops', { timeout }, async () => {
    await using server = await lineServer();
    const out = join(folder, 'one.jsonl');
    await using recorder = startRecording(server.target, out, '--name', 'one line', '--framing', 'line');
    expect(await ask(recorder, 'ask\n')).toBe('ask\n');
    const { code, stdout } = await recorder.exit();
    expect(stdout).toBe(`recorded 4 bytes of the client and 4 bytes of the server in ${out}\n`);
    expect(code).toBe(0);
    const { events, ...head } = readRecording(readFileSync(out, 'utf8'));
    expect(head).toEqual({ name: 'one line', framing: 'line', target: server.target });
    const of = (side: string): readonly unknown[] =>
      events.filter(({ from }) => from === side).map(({ bytes, end }) => end ?? String(bytes));
    expect(of('client')).toEqual([Buffer.from('ask\n').join(), 'fin']);
    expect(of('server')).toEqual([Buffer.from('ask\n').join(), 'fin']);
  });

  test('passes a reset on, and saves it as one', { timeout }, async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.resetAndDestroy()));
    const out = join(folder, 'reset.jsonl');
    await using recorder = startRecording(`127.0.0.1:${await listening(server)}`, out);
    const socket = await clientOf(recorder);
    socket.write('ask\n');
    await expect(readAll(socket)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await recorder.exit()).toMatchObject({ code: 0 });
    expect(readRecording(readFileSync(out, 'utf8')).events.at(-1)).toMatchObject({ from: 'server', end: 'reset' });
    server.close();
  });

  test('stops at --max-bytes with exit 2, and keeps what passed', { timeout }, async () => {
    await using server = await lineServer();
    const out = join(folder, 'long.jsonl');
    await using recorder = startRecording(server.target, out, '--max-bytes', '5');
    const socket = await clientOf(recorder);
    socket.on('error', () => undefined).write('ask\n');
    const { code, stderr } = await recorder.exit();
    expect(stderr).toContain('more than 5 bytes, which is the limit of --max-bytes, or 999000 reads: what passed before is recorded');
    expect(code).toBe(2);
    expect(readRecording(readFileSync(out, 'utf8')).events).toMatchObject([{ from: 'client' }]);
  });

  test('says so when the server takes no connection', { timeout }, async () => {
    await using recorder = startRecording(`unix:${folder}/nobody.sock`, join(folder, 'none.jsonl'));
    const socket = await clientOf(recorder);
    socket.on('error', () => undefined);
    const { code, stderr } = await recorder.exit();
    expect(stderr).toContain('ENOENT (PROBE_ERR_CONNECT)\n');
    expect(code).toBe(4);
  });
});

test('Ctrl-C ends a recording that nobody came for', { timeout }, async () => {
  await using server = await lineServer();
  const out = join(folder, 'nobody.jsonl');
  await using recorder = startRecording(server.target, out);
  await recorder.line(/connect to tcp:/, 'stderr');
  recorder.signal('SIGINT');
  const { code, stderr } = await recorder.exit();
  expect(stderr).toContain(`\ninterrupted: what passed until then is in ${out}\n`);
  expect(code).toBe(0);
  expect(readRecording(readFileSync(out, 'utf8')).events).toEqual([]);
});

describe.runIf(isLinux)('what was recorded', () => {
  test('is an exchange for probe', { timeout }, async () => {
    await using server = await galleryServer('recv-is-message');
    const out = join(folder, 'broken.jsonl');
    await using recorder = startRecording(server.target, out, '--framing', 'line');
    const socket = await clientOf(recorder);
    socket.write('a line\r\n');
    await once(socket, 'data');
    socket.end();
    expect(await recorder.exit()).toMatchObject({ code: 0 });
    const { code, stdout } = await stickyLab(['probe', '--target', server.target, '--recording', out, '--hang', '600ms']);
    expect(stdout).toContain('\nlikely bug: recv-is-message (');
    expect(stdout).toContain(`replay    sticky-lab probe --target ${server.target} --recording ${out} `);
    expect(code).toBe(1);
  });

  test('is a server for probe-client, which tells a client that reads on from one that does not', { timeout: 2 * timeout }, async () => {
    await using server = await lineServer();
    const out = join(folder, 'client.jsonl');
    await using recorder = startRecording(server.target, out);
    const socket = await clientOf(recorder);
    socket.write('ask\n');
    await once(socket, 'data');
    socket.end();
    expect(await recorder.exit()).toMatchObject({ code: 0 });
    const [right, wrong] = [
      await stickyLab(['probe-client', '--recording', out, '--plan', 'every-cut', '--run', clientCommand(true)]),
      await stickyLab(['probe-client', '--recording', out, '--plan', 'every-cut', '--run', clientCommand(false), '--max-shrink', '4']),
    ];
    expect(right.stdout).toContain('\nPASS  all 3 trials went well');
    expect(right.code).toBe(0);
    expect(wrong.stdout).toContain('\nFAIL  2 of 3 trials fail');
    expect(wrong.code).toBe(1);
  });
});
