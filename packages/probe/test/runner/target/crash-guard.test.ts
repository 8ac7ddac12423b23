import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { requestExchange } from '../../../src/exchange/create.ts';
import { lines, probe } from '../../line-server.ts';
import type { AddressInfo, Socket } from 'node:net';

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server that dies of a first read of so many bytes, and takes all connections with it; `isWatched`: it is started again. */
async function mortal(deadlyBytes: number, isWatched: boolean): Promise<string> {
  const sockets = new Set<Socket>();
  let port = 0;
  let isStopped = false;
  const start = async (): Promise<void> => {
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
      socket.once('data', (chunk: Buffer) => {
        if (chunk.length === deadlyBytes) die();
      });
      // Late, so that many are in flight when it dies.
      lines(socket, (line) => void setTimeout(() => socket.writable && socket.write(`${line}\n`), 20));
    });
    const die = (): void => {
      server.close(() => void (isWatched && !isStopped && setTimeout(() => void start(), 30)));
      for (const socket of sockets) socket.resetAndDestroy();
    };
    stops.push(() => {
      isStopped = true;
      die();
    });
    await once(server.listen(port, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port;
  };
  await start();
  return `127.0.0.1:${port}`;
}

const exchange = requestExchange(Buffer.from('forty bytes, of which seven are deadly.\n'));

describe.runIf(process.platform === 'linux')('a target that dies of a cut', () => {
  test('and is started again: that cut is to blame, and no other that was in flight', async () => {
    const report = await probe({ target: await mortal(7, true), exchange });
    expect(report).toMatchObject({ outcome: 'fail', totals: { pass: 38, fail: 1, flaky: 0 } });
    expect(report.sends[0]?.cells).toBe(`${'.'.repeat(6)}d${'.'.repeat(32)}`);
    expect(report.cases[0]).toMatchObject({ trial: { id: 'every-cut#6' }, verdict: { failure: 'target-died' } });
    expect(report.cases[0]?.detail).toContain('then the target took no more connections, also when nothing else was sent');
  });

  test('and stays away: one failure is told, with all that may have been it', async () => {
    const report = await probe({ target: await mortal(7, false), exchange });
    expect(report).toMatchObject({ outcome: 'fail', totals: { fail: 1, flaky: 0 } });
    expect(report.cases[0]).toMatchObject({ verdict: { failure: 'target-died' } });
    expect(report.cases[0]?.detail).toMatch(/died of one of these, which were in flight: every-cut#.*; with --concurrency 1 it is named/);
  });

  test('and stays away, one at a time: that cut is named', async () => {
    const report = await probe({ target: await mortal(7, false), exchange, concurrency: 1 });
    expect(report).toMatchObject({ outcome: 'fail', totals: { pass: 6, fail: 1, flaky: 0 } });
    expect(report.cases[0]).toMatchObject({ trial: { id: 'every-cut#6' }, verdict: { failure: 'target-died' } });
  });
});
