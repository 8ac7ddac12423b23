import { standStill } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { failureOf, runLoad } from '../../src/call/index.ts';
import { answering, loadOf, serving } from './call-servers.ts';
import type { FaultKind, LoadReport } from '../../src/call/index.ts';

/** The kinds of faults seen, with how often. */
function errorsOf({ errors }: LoadReport): Partial<Record<FaultKind, number>> {
  return Object.fromEntries(Object.entries(errors).filter(([, count]) => count > 0));
}

const SIZE = 64;
const FRAME = SIZE + 4;

test('a server that drops a byte is found at the byte that is missing', async () => {
  await using server = await serving((socket) => {
    let received = 0;
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      const place = 1000 - received;
      received += chunk.length;
      const isHere = place >= 0 && place < chunk.length;
      socket.write(isHere ? Buffer.concat([chunk.subarray(0, place), chunk.subarray(place + 1)]) : chunk);
    });
  });
  const report = await runLoad({ target: server.target, ...loadOf(1000, { depth: 32 }) });
  expect(errorsOf(report)).toEqual({ mismatch: 1 });
  expect(report.firstError).toMatchObject({ connection: 1, message: 16, offset: 1000 });
  expect(report.messages.answered).toBe(15);
  expect(failureOf(report)).toMatch(
    /^connection 1, message 16: byte 1000 of the answer is wrong: expected (?:[\da-f]{2} ?){16}, received [\da-f]{2}/,
  );
});

test('a server that swaps two messages is found out, and the message that came is named', async () => {
  await using server = await answering((bytes, socket) => {
    if (bytes.length < 2 * FRAME) return 0;
    socket.write(Buffer.concat([bytes.subarray(FRAME, 2 * FRAME), bytes.subarray(0, FRAME)]));
    return 2 * FRAME;
  });
  const report = await runLoad({ target: server.target, ...loadOf(10, { depth: 2, framing: 'u32be' }) });
  expect(errorsOf(report)).toEqual({ mismatch: 1 });
  expect(failureOf(report)).toMatch(
    /^connection 1, message 1: the answer is wrong from byte \d: .*; it is the answer to the message 1 later$/,
  );
});

test('a server that swaps the answers of two connections is found out', async () => {
  const waiting: (() => void)[] = [];
  const chunks: Buffer[] = [];
  await using server = await serving((socket) => {
    socket.on('data', (chunk: Buffer) => {
      const place = chunks.push(Buffer.from(chunk)) - 1;
      waiting.push(() => socket.write(chunks[1 - place]!));
      if (waiting.length === 2) for (const answer of waiting) answer();
    });
  });
  const report = await runLoad({ target: server.target, ...loadOf(2, { connections: 2 }) });
  expect(report.firstError).toMatchObject({ kind: 'mismatch', message: 1, offset: 0 });
});

test.each(['raw', 'u32be'])('%s: a server that answers half a message is timed out, and says how much came', async (framing) => {
  await using server = await serving((socket) => {
    socket.once('data', (chunk: Buffer) => socket.write(chunk.subarray(0, 32)));
  });
  const report = await runLoad({ target: server.target, ...loadOf(1, { framing, timeoutMs: 1000 }) });
  expect(errorsOf(report)).toEqual({ 'answer-timeout': 1 });
  expect(failureOf(report)).toBe('connection 1, message 1: no answer within 1000 ms, 1 unanswered, 32 bytes of the next answer came');
  expect(report.messages).toEqual({ sent: 1, answered: 0, unanswered: 1, unsent: 0 });
  expect(report.latency).toBeNull();
});

test('a server that answers half a message and ends is found to have ended', async () => {
  await using server = await serving((socket) => {
    socket.once('data', (chunk: Buffer) => socket.end(chunk.subarray(0, 32)));
  });
  const report = await runLoad({ target: server.target, ...loadOf(3) });
  expect(errorsOf(report)).toEqual({ closed: 1 });
  expect(failureOf(report)).toBe(
    'connection 1, message 1: the server ended the connection, 1 unanswered, 32 bytes of the next answer came',
  );
  expect(report).toMatchObject({ messages: { sent: 1, answered: 0, unanswered: 1, unsent: 2 }, connections: { opened: 1, lost: 1 } });
});

test('a server that resets one connection of three loses that one, and the others go on to the end', async () => {
  let count = 0;
  await using server = await serving((socket) => {
    count += 1;
    const isVictim = count === 2;
    socket.on('data', (chunk: Buffer) => (isVictim ? socket.resetAndDestroy() : socket.write(chunk)));
    socket.on('end', () => socket.end());
  });
  const report = await runLoad({ target: server.target, ...loadOf(300, { connections: 3, depth: 2 }) });
  expect(errorsOf(report)).toEqual({ reset: 1 });
  expect(report.messages).toEqual({ sent: 300, answered: 298, unanswered: 2, unsent: 0 });
  expect(report.connections).toEqual({ requested: 3, opened: 3, lost: 1 });
  expect(failureOf(report)).toMatch(/^connection \d, message 1: the server reset the connection, 2 unanswered$/);
});

test('a server that never answers is timed out on every connection', async () => {
  await using server = await serving((socket) => void socket.resume());
  const report = await runLoad({ target: server.target, ...loadOf(100, { connections: 5, depth: 4, timeoutMs: 1000 }) });
  expect(errorsOf(report)).toEqual({ 'answer-timeout': 5 });
  expect(report.messages).toEqual({ sent: 20, answered: 0, unanswered: 20, unsent: 80 });
  expect(failureOf(report)).toBe('connection 1, message 1: no answer within 1000 ms, 4 unanswered (and 4 more connections failed)');
});

test.each(['raw', 'u32be'])('%s: a server that answers twice is found, at the last message too', async (framing) => {
  for (const twiceAt of [3, 10]) {
    let answered = 0;
    const size = framing === 'raw' ? SIZE : FRAME;
    await using server = await answering((bytes, socket) => {
      if (bytes.length < size) return 0;
      answered += 1;
      const message = Buffer.from(bytes.subarray(0, size));
      socket.write(answered === twiceAt ? Buffer.concat([message, message]) : message);
      return size;
    });
    const report = await runLoad({ target: server.target, ...loadOf(10, { framing }) });
    expect(errorsOf(report)).toEqual({ unexpected: 1 });
    expect(report.messages.answered).toBe(twiceAt);
    expect(failureOf(report)).toMatch(new RegExp(`^connection 1, message ${twiceAt + 1}: .* that answer`));
  }
});

test('a server that answers once more after everything, as it ends, is found', async () => {
  await using server = await serving((socket) => {
    socket.on('data', (chunk: Buffer) => socket.write(chunk));
    socket.on('end', () => socket.end('bye'));
  });
  const report = await runLoad({ target: server.target, ...loadOf(10) });
  expect(errorsOf(report)).toEqual({ unexpected: 1 });
  expect(report.messages).toEqual({ sent: 10, answered: 10, unanswered: 0, unsent: 0 });
});

test('nothing is sent after an answer that is wrong, even when right ones came with it', async () => {
  let receivedBytes = 0;
  await using server = await answering((bytes, socket) => {
    if (bytes.length < 4 * SIZE) return 0;
    receivedBytes += 4 * SIZE;
    const wrong = Buffer.from(bytes.subarray(0, 4 * SIZE));
    wrong.fill(0, 3 * SIZE);
    socket.write(wrong);
    return 4 * SIZE;
  });
  const report = await runLoad({ target: server.target, ...loadOf(1000, { depth: 4 }) });
  expect(report.firstError).toMatchObject({ kind: 'mismatch', message: 4, offset: 3 * SIZE });
  expect(report.messages).toEqual({ sent: 4, answered: 3, unanswered: 1, unsent: 996 });
  expect(receivedBytes).toBe(4 * SIZE);
});

test('a server that speaks first is found, whether it is heard before the first message is sent or after', async () => {
  await using server = await serving((socket) => void socket.write('220 ready\r\n'));
  const report = await runLoad({ target: server.target, ...loadOf(10) });
  expect(report.firstError).toMatchObject({ kind: expect.stringMatching(/^(?:unexpected|mismatch)$/), message: 1, offset: 0 });
  expect(report.messages.answered).toBe(0);
});

test('a server that speaks another framing breaks the frames', async () => {
  await using server = await serving((socket) => socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n')));
  const report = await runLoad({ target: server.target, ...loadOf(10, { framing: 'u32be' }) });
  expect(errorsOf(report)).toEqual({ 'frame-error': 1 });
  expect(failureOf(report)).toContain('FRAME_ERR_TOO_LARGE');
});

test('an answer that waits to be read while this process stands still is not late', async () => {
  let isFirst = true;
  await using server = await serving((socket) => {
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      socket.write(chunk);
      if (isFirst) standStill(300);
      isFirst = false;
    });
  });
  const report = await runLoad({ target: server.target, ...loadOf(3, { timeoutMs: 250 }) });
  expect(errorsOf(report)).toEqual({});
});

test('a server that is too slow for the rate owes what it left, and late answers count from when they were due', async () => {
  await using server = await serving((socket) => {
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => setTimeout(() => socket.write(chunk), 100));
  });
  const report = await runLoad({ target: server.target, sizes: { min: 64, max: 64 }, durationMs: 500, ratePerSecond: 100 });
  expect(report.messages.sent + report.messages.unsent).toBe(50);
  expect(report.messages.unsent).toBeGreaterThan(0);
  expect(errorsOf(report)).toEqual({});
  expect(failureOf(report)).toMatch(/^\d+ messages were due and never sent: 1 connection had no room/);
  // The third message was due at 20 ms and could be sent at 200 ms: measured from its sending it would seem as quick as the first.
  expect(report.latency!.maxUs).toBeGreaterThan(250_000);
});
