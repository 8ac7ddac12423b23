import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { listening } from '@socklab/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { createExchange, requestExchange } from '../src/exchange/create.ts';
import { CONFIRMED, createTargets, LINE, lines, probe } from './line-server.ts';
import type { ProbeProgress } from '../src/probe.ts';

const isLinux = process.platform === 'linux';
const targets = createTargets();

afterEach(() => targets.stop());

function certificate(part: 'cert' | 'key'): string {
  return readFileSync(new URL(`certificates/localhost.${part}.pem`, import.meta.url), 'utf8');
}

describe('a probe', () => {
  test('waits for the end of a server that closes by itself, and finds one that does not any more', async () => {
    const closing = await targets.start((socket) => lines(socket, (line) => socket.end(`${line}!\n`)));
    expect((await probe({ target: closing, exchange: LINE })).outcome).toBe(CONFIRMED);
    const forgetful = await targets.start((socket) => {
      let reads = 0;
      socket.on('data', () => (reads += 1));
      lines(socket, (line) => void (socket.write(`${line}!\n`), reads === 1 && socket.end()));
      socket.removeAllListeners('end');
    });
    const report = await probe({ target: forgetful, exchange: LINE, hangMs: 200 });
    expect(report).toMatchObject({ outcome: 'fail', totals: { fail: 5 } });
    expect(report.cases[0]?.verdict).toMatchObject({ failure: 'hang', at: 7 });
  });

  test('finds an answer that comes twice, and a connection that is closed behind the right answer', async () => {
    const twice = await targets.start((socket) => {
      let reads = 0;
      socket.on('data', () => (reads += 1));
      // Behind the whole answer, when our side has ended.
      socket.on('end', () => reads > 1 && socket.write('hello\n'));
      lines(socket, (line) => socket.write(`${line}\n`));
    });
    expect((await probe({ target: twice, exchange: LINE })).cases[0]?.verdict?.failure).toBe('extra-bytes');
    const closing = await targets.start((socket) => {
      let reads = 0;
      socket.on('data', () => (reads += 1));
      lines(socket, (line) => (reads === 1 ? socket.write(`${line}\n`) : socket.resetAndDestroy()));
    });
    expect((await probe({ target: closing, exchange: LINE })).cases[0]?.verdict?.failure).toBe('reset');
  });

  test('plays a conversation, its greeting and all, and cuts every send of it', async () => {
    const where = await targets.start((socket) => {
      socket.write('ready\n');
      lines(socket, (line) => socket.write(`${line} done\n`));
    });
    const control = { kind: 'control' } as const;
    const exchange = createExchange({
      steps: [
        { expect: { kind: 'frames', count: 1, framing: 'line' } },
        { send: Buffer.from('one\n') },
        { expect: { kind: 'bytes', count: 9 } },
        { send: Buffer.from('two\n') },
        { expect: control },
      ],
    });
    const report = await probe({ target: where, exchange, plans: 'every-cut+half-close' });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
  });

  test('blames no other trial for a hang of a server that serves one connection after the other', async () => {
    const waiting: (() => void)[] = [];
    let isBusy = false;
    const next = (): void => {
      isBusy = waiting.length > 0;
      waiting.shift()?.();
    };
    const where = await targets.start((socket) => {
      socket.once('close', next);
      waiting.push(() => {
        // The bug: whoever begins with three letters is never answered, and all others wait behind it.
        let isStuck = false;
        socket.once('data', (text: string) => (isStuck = text.length === 3));
        lines(socket, (line) => void (isStuck || socket.write(`${line}\n`)));
      });
      if (!isBusy) next();
    });
    const report = await probe({ target: where, exchange: LINE, hangMs: 300 });
    expect(report).toMatchObject({ outcome: 'fail', totals: { fail: 1, flaky: 0 } });
    expect(report.sends[0]?.cells).toBe('..h..'.replaceAll('.', isLinux ? '.' : '?'));
  });

  test('blames nothing on segmentation that fails once and not again', async () => {
    const where = await targets.start((socket, connection) =>
      lines(socket, (line) => void socket.write(connection === 5 ? 'oops\n' : `${line}\n`)),
    );
    const report = await probe({ target: where, exchange: LINE, concurrency: 1 });
    expect(report).toMatchObject({ outcome: 'flaky', totals: { fail: 0, flaky: 1 } });
    expect(report.cases[0]).toMatchObject({ kind: 'flaky', detail: expect.stringContaining('went well') });
  });

  test('reports the failure when the server goes away with it', async () => {
    const where = await targets.start((socket) => {
      lines(socket, (line) => socket.write(`${line}\n`));
      socket.once('data', (text: string) => {
        if (text === 'hel') {
          targets.servers[0]!.close();
          for (const each of targets.sockets) each.resetAndDestroy();
        }
      });
    });
    const report = await probe({ target: where, exchange: LINE, concurrency: 1 });
    expect(report.outcome).toBe('fail');
    expect(report.cases[0]?.detail).toContain('took no more connections');
  });

  test('keeps no more of an answer than it may, and says that there was more', async () => {
    const where = await targets.start((socket) => {
      let reads = 0;
      socket.on('data', () => (reads += 1));
      lines(socket, () => socket.write('x'.repeat(reads === 1 ? 10 : 100_000)));
    });
    const report = await probe({ target: where, exchange: LINE, maxAnswerBytes: 100 });
    expect(report.cases[0]).toMatchObject({
      verdict: { failure: 'extra-bytes' },
      detail: expect.stringContaining('more bytes than are kept'),
    });
  });

  test('takes no trial for a hang whose time is up while the server still reads', async () => {
    const where = await targets.start((socket) => lines(socket, (line) => socket.write(`${line}\n`)));
    const exchange = requestExchange(Buffer.from(`${'long '.repeat(1000)}\n`));
    const report = await probe({ target: where, exchange, plans: 'drip', pace: 'gap:1ms', quietMs: 20, trialTimeoutMs: 1500 });
    expect(report).toMatchObject({ outcome: 'unconfirmed', totals: { fail: 0, unconfirmed: 1 } });
  });

  test('withholds a pass when the time is up', async () => {
    const where = await targets.start((socket) => lines(socket, (line) => socket.write(`${line}\n`)));
    const report = await probe({ target: where, exchange: LINE, maxTimeMs: 1, plans: 'every-cut+random:500' });
    expect(report).toMatchObject({ outcome: 'unconfirmed', totals: { pass: 0, fail: 0 } });
  });

  test('rejects with the reason of its signal', async () => {
    const where = await targets.start((socket) => lines(socket, (line) => socket.write(`${line}\n`)));
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ phase }: ProbeProgress): void => void (phase === 'trials' && controller.abort(reason));
    await expect(probe({ target: where, exchange: LINE, signal: controller.signal, onProgress })).rejects.toBe(reason);
  });

  test('tells how far it is, up to all of it', async () => {
    const where = await targets.start((socket) => lines(socket, (line) => socket.write(`${line}\n`)));
    const seen: ProbeProgress[] = [];
    await probe({ target: where, exchange: LINE, onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toMatchObject({ phase: 'control', done: 0, leftMs: 0 });
    expect(seen.at(-1)).toMatchObject({ phase: 'trials', done: 5, total: 5, leftMs: 0 });
  });

  test.for([
    { concurrency: 0 },
    { concurrency: 1025 },
    { hangMs: 0 },
    { maxTrialsPerSecond: -1 },
    { maxAnswerBytes: 0 },
    { pace: 'slow' },
  ] as const)('throws PROBE_ERR_DELIVERY for %j', async (wrong) => {
    await expect(probe({ target: ':1', exchange: LINE, ...wrong })).rejects.toMatchObject({ code: 'PROBE_ERR_DELIVERY' });
  });

  test('throws PROBE_ERR_NO_TRIALS for plans that need frames, before it connects', async () => {
    const exchange = requestExchange(Buffer.from('hello'));
    await expect(probe({ target: ':1', exchange, plans: 'prefix' })).rejects.toMatchObject({ code: 'PROBE_ERR_NO_TRIALS' });
  });

  test('confirms what is read from a unix socket where ss shows it, and never passes without', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'probe-'));
    const server = createServer((socket) => lines(socket, (line) => socket.write(`${line}\n`)));
    targets.servers.push(server);
    await once(server.listen(join(folder, 'socket')), 'listening');
    const report = await probe({ target: `unix:${join(folder, 'socket')}`, exchange: LINE });
    rmSync(folder, { recursive: true });
    const isShown = spawnSync('ss', ['-xH']).status === 0;
    expect(report).toMatchObject(
      isShown ? { outcome: 'pass', totals: { pass: 5 } } : { outcome: 'unconfirmed', totals: { unconfirmed: 5 } },
    );
  });

  test('cuts what is inside TLS, a record a piece', async () => {
    const server = createTlsServer({ cert: certificate('cert'), key: certificate('key') }, (socket) => {
      socket.on('error', () => {});
      lines(socket, (line) => socket.write(`${line}\n`));
    });
    targets.servers.push(server);
    const port = await listening(server);
    const report = await probe({ target: { kind: 'tcp', host: '127.0.0.1', port, tls: { insecure: true } }, exchange: LINE });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
  });
});
