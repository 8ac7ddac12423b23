import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FRAMINGS } from '@socklab/framing';
import { expect, test } from 'vitest';
import { FAULT_KINDS, failureOf, runLoad } from '../../src/call/index.ts';
import { startEcho } from '../start.ts';
import { loadOf, serving } from './call-servers.ts';
import type { LoadOptions } from '../../src/call/index.ts';

const target = (port: number) => ({ host: '127.0.0.1', port });

test('a raw load of many connections, sizes and a deep window comes back as it was sent, and the report adds up', async () => {
  await using echo = await startEcho();
  const report = await runLoad({
    ...loadOf(20_000, { connections: 16, depth: 32 }),
    target: target(echo.port),
    sizes: { min: 1, max: 3000 },
  });
  expect(failureOf(report)).toBeUndefined();
  expect(report).toMatchObject({
    target: `127.0.0.1:${echo.port}`,
    framing: 'raw',
    isTls: false,
    seed: 1,
    sizeBytes: { min: 1, max: 3000 },
    depth: 32,
    ratePerSecond: null,
    connections: { requested: 16, opened: 16, lost: 0 },
    messages: { sent: 20_000, answered: 20_000, unanswered: 0, unsent: 0 },
    errors: Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])),
    firstError: null,
    isStopped: false,
  });
  const { durationSeconds, payloadBytes, messagesPerSecond, mebibytesPerSecond } = report;
  expect(payloadBytes).toBeGreaterThan(20_000 * 1000);
  expect(payloadBytes).toBeLessThan(20_000 * 2000);
  expect(messagesPerSecond).toBeCloseTo(20_000 / durationSeconds);
  expect(mebibytesPerSecond).toBeCloseTo(payloadBytes / 1024 ** 2 / durationSeconds);
  const { count, minUs, p50Us, p90Us, p99Us, p999Us, maxUs } = report.latency!;
  expect(count).toBe(20_000);
  const rising = [minUs, p50Us, p90Us, p99Us, p999Us, maxUs];
  expect(rising).toEqual(rising.toSorted((a, b) => a - b));
  expect(maxUs / 1e6).toBeLessThan(durationSeconds * 1.01);
});

test.each(['line', 'u32be', 'netstring', 'slip', 'content-length', 'mqtt'])(
  'a load with the framing %s comes back message by message',
  async (framing) => {
    await using echo = await startEcho(['--framing', framing]);
    const report = await runLoad({ ...loadOf(2000, { connections: 3, depth: 16, framing }), target: target(echo.port) });
    expect(failureOf(report)).toBeUndefined();
    expect(report).toMatchObject({ framing, messages: { answered: 2000, unanswered: 0 } });
    const hasOwnSizes = FRAMINGS.find(({ name }) => name === framing)!.exampleFrames !== undefined;
    if (!hasOwnSizes) expect(report.payloadBytes).toBe(2000 * 64);
  },
);

test('one message of 1 MiB is sent and verified in as many pieces as it takes', async () => {
  await using echo = await startEcho();
  const report = await runLoad({ ...loadOf(8, { depth: 4 }), target: target(echo.port), sizes: { min: 1024 ** 2, max: 1024 ** 2 } });
  expect(failureOf(report)).toBeUndefined();
  expect(report.payloadBytes).toBe(8 * 1024 ** 2);
});

test('fewer messages than windows have room for are shared out over the connections', async () => {
  const counts: number[] = [];
  await using server = await serving((socket) => {
    const place = counts.push(0) - 1;
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      counts[place]! += chunk.length / 64;
      socket.write(chunk);
    });
  });
  await runLoad({ ...loadOf(8, { connections: 4, depth: 16 }), target: server.target });
  expect(counts).toEqual([2, 2, 2, 2]);
});

test('never more messages are in flight on a connection than its depth', async () => {
  let most = 0;
  await using server = await serving((socket) => {
    let waiting: Buffer[] = [];
    let waitingBytes = 0;
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      most = Math.max(most, waitingBytes);
      setImmediate(() => {
        for (const each of waiting) socket.write(each);
        waiting = [];
        waitingBytes = 0;
      });
    });
  });
  const report = await runLoad({ ...loadOf(500, { depth: 5 }), target: server.target });
  expect(report.messages.answered).toBe(500);
  expect(most).toBe(5 * 64);
});

test('a duration ends the sending, and what is in flight then is still answered', async () => {
  await using echo = await startEcho();
  const report = await runLoad({ target: target(echo.port), durationMs: 200, connections: 2, depth: 4 });
  expect(failureOf(report)).toBeUndefined();
  expect(report.messages.unanswered).toBe(0);
  expect(report.durationSeconds).toBeGreaterThan(0.15);
});

test('a rate sends as many messages as are due, neither more nor fewer', async () => {
  await using echo = await startEcho();
  const report = await runLoad({ target: target(echo.port), durationMs: 500, connections: 3, depth: 64, ratePerSecond: 400 });
  expect(failureOf(report)).toBeUndefined();
  expect(report).toMatchObject({ ratePerSecond: 400, messages: { sent: 200, answered: 200, unsent: 0 } });
});

test('a rate spreads its messages over the connections in turn', async () => {
  const counts: number[] = [];
  await using server = await serving((socket) => {
    const place = counts.push(0) - 1;
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      counts[place]! += chunk.length / 64;
      socket.write(chunk);
    });
  });
  await runLoad({ ...loadOf(300, { connections: 3, depth: 64, ratePerSecond: 3000 }), target: server.target });
  expect(counts.reduce((sum, count) => sum + count)).toBe(300);
  // Not 100 each: a moment in which many are due shares them out in whole numbers.
  for (const count of counts) expect(count).toBeGreaterThan(60);
});

test('an abort stops the load: what was sent is answered, and nothing is owed', async () => {
  await using echo = await startEcho();
  const stop = new AbortController();
  const options: LoadOptions = {
    ...loadOf(1_000_000_000, { connections: 2, depth: 8 }),
    target: target(echo.port),
    signal: stop.signal,
    onProgress: ({ answeredMessages }) => {
      if (answeredMessages > 0) stop.abort();
    },
  };
  const report = await runLoad(options);
  expect(failureOf(report)).toBeUndefined();
  expect(report).toMatchObject({ isStopped: true, messages: { unanswered: 0, unsent: 0 } });
  await expect(runLoad({ ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CLIENT_ERR_INTERRUPTED' });
});

test('progress says how many messages were answered so far, and at what pace', async () => {
  await using echo = await startEcho();
  const told: number[] = [];
  await runLoad({
    target: target(echo.port),
    durationMs: 700,
    onProgress: ({ answeredMessages, messagesPerSecond, p99Us, openConnections, failedConnections }) => {
      told.push(answeredMessages);
      expect([messagesPerSecond > 0, p99Us > 0, openConnections, failedConnections]).toEqual([true, true, 1, 0]);
    },
  });
  expect(told.length).toBeGreaterThan(0);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

test('nothing listening is the error of the system', async () => {
  await using server = await serving(() => undefined);
  const { port } = server.target;
  await server[Symbol.asyncDispose]();
  await expect(runLoad({ ...loadOf(1, { connections: 3 }), target: target(port) })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a load goes over a unix socket, and says so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'call-'));
  const path = join(folder, 'echo.sock');
  const server = createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)).listen(path);
  try {
    const report = await runLoad({ ...loadOf(100), target: { path } });
    expect(failureOf(report)).toBeUndefined();
    expect(report.target).toBe(`unix:${path}`);
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
});

test.each<[Partial<LoadOptions>, RegExp]>([
  [{ connections: 10_001 }, /^connections: 10001; allowed: whole numbers from 1 to 10000$/],
  [{ depth: 65_537 }, /^depth: 65537; allowed: whole numbers from 1 to 65536$/],
  [{ depth: 1025, sizes: { min: 1, max: 65_536 } }, /^depth 1025 times size 65536 is 67174400 bytes; allowed: 67108864 \(64MiB\)$/],
  [{ connections: 65, depth: 65_536 }, /^65 connections times depth 65536 is 4259840 messages in flight; allowed: 4194304$/],
  [{ sizes: { min: 0, max: 1 } }, /^size: 0; allowed/],
  [{ durationMs: 1000 }, /^a load needs an end: give either messages or a duration$/],
  [{ messages: undefined }, /^a load needs an end/],
  [{ messages: 0 }, /^messages: 0; allowed/],
  [{ ratePerSecond: 1_000_001 }, /^rate: 1000001 messages a second; allowed: more than 0 and at most 1000000$/],
  [{ framing: 'u7' }, /^unknown framing "u7"; allowed: raw, line/],
  [{ framing: 'u8', sizes: { min: 1, max: 256 } }, /^payloads of 256 bytes: --framing u8 with --max-frame 65536 carries at most 255$/],
  [{ timeoutMs: 0 }, /^timeout in milliseconds: 0; allowed/],
])('options that contradict a limit are refused: %j', async (options, message) => {
  const refused = runLoad({ target: target(1), messages: 1, ...options });
  await expect(refused).rejects.toMatchObject({ code: 'SERVICE_ERR_USAGE', message: expect.stringMatching(message) });
});
