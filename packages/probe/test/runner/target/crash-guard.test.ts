import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { requestExchange } from '../../../src/exchange/create.ts';
import { createCanary } from '../../../src/runner/target/canary.ts';
import { createCrashGuard } from '../../../src/runner/target/crash-guard.ts';
import { freePort } from '../../../src/runner/target/free-port.ts';
import { patientConnector } from '../../../src/runner/target/patient-connector.ts';
import { createConnector } from '../../../src/transports/connector.ts';
import { lines, probe } from '../../line-server.ts';
import type { Judged } from '../../../src/runner/target/judged.ts';
import type { Server, Socket } from 'node:net';

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server that dies of a first read of so many bytes, and takes all connections with it; `isWatched`: it is started again. */
async function mortal(deadlyBytes: number, isWatched: boolean): Promise<string> {
  const sockets = new Set<Socket>();
  // It comes back to the same port, which no connection may take meanwhile.
  const port = await freePort();
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

/** A trial whose connection was reset. */
const RESET: Judged = {
  trial: { id: 'every-cut#6', index: 6, plan: 'every-cut', seed: 0, steps: [], repeat: 1 },
  verdict: { kind: 'fail', failure: 'reset', answer: 0, at: 0, detail: 'connection reset' },
  observation: { received: [], ended: 'reset', durationMs: 1, confirmed: true, pieces: [] },
  expectation: { answers: [], ended: 'open' },
};

test('a trial that is judged while the target is being restarted, and kills it again, is to blame', async () => {
  const host = '127.0.0.1';
  const port = await freePort();
  const connector = await createConnector({ kind: 'tcp', host, port });
  const patient = patientConnector(connector, 10_000);
  const canary = createCanary({ connector, patient, isIdle: true });
  const guard = createCrashGuard(canary);
  const sockets = new Set<Socket>();
  const start = async (): Promise<Server> => {
    const server = createServer((socket) => void sockets.add(socket.on('error', () => {})));
    stops.push(() => void server.close());
    await once(server.listen(port, host), 'listening');
    return server;
  };
  const die = async (server: Server): Promise<void> => {
    const closed = once(server.close(), 'close');
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  // Nothing listens when the guard looks first, and it is back before the guard looks again.
  const back = Promise.withResolvers<Server>();
  let current = back.promise;
  const kill = async (): Promise<Judged> => {
    await die(await current);
    current = start();
    await current;
    return RESET;
  };
  const judged = guard.alone(RESET, kill);
  await expect(connector.connect()).rejects.toMatchObject({ code: 'PROBE_ERR_CONNECT' });
  back.resolve(await start());
  expect(await judged).toMatchObject({ verdict: { failure: 'target-died' } });
  canary.close();
  for (const socket of sockets) socket.destroy();
});
