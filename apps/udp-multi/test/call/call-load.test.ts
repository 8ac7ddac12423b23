import { standStill } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { failureOf, runLoad } from '../../src/call/index.ts';
import { startServer } from '../start.ts';
import { echoing, serving } from './call-servers.ts';
import type { LoadOptions } from '../../src/call/index.ts';

const fixed = (size: number) => ({ min: size, max: size });

// Few enough in flight that a receive buffer of the usual 208 KiB holds them all.
test('a closed loop of many sockets and sizes is answered byte by byte, and the report adds up', async () => {
  await using server = await startServer();
  const target = { host: '127.0.0.1', port: server.port };
  const report = await runLoad({ target, datagrams: 4000, sockets: 16, depth: 2, sizes: { min: 4, max: 1400 } });
  expect(failureOf(report, 0)).toBeUndefined();
  expect(report).toMatchObject({
    target: `127.0.0.1:${server.port}`,
    session: 'echo',
    sockets: 16,
    depth: 2,
    ratePerSecond: null,
    datagrams: { sent: 4000, answered: 4000, lost: 0, notSent: 0, unsent: 0 },
    answers: { received: 4000, right: 4000, duplicates: 0, late: 0, corrupt: 0, unknown: 0 },
    lossRatio: 0,
    firstCorrupt: null,
    isStopped: false,
  });
  expect(report.answeredBytes).toBe(report.sentBytes);
  expect(report.sentBytes).toBeGreaterThan(4000 * 600);
  const { count, minUs, p50Us, p99Us, maxUs } = report.roundTrip!;
  const rising = [minUs, p50Us, p99Us, maxUs];
  expect([count, rising]).toEqual([4000, rising.toSorted((a, b) => a - b)]);
});

test('the session ack is asked with PROBEs and answers with ACKs', async () => {
  await using server = await startServer(['--session', 'ack']);
  const target = { host: '127.0.0.1', port: server.port };
  const report = await runLoad({ target, session: 'ack', datagrams: 500, sockets: 3, depth: 8, sizes: { min: 17, max: 200 } });
  expect(failureOf(report, 0)).toBeUndefined();
  expect(report).toMatchObject({ datagrams: { answered: 500 }, answeredBytes: 500 * 17 });
});

test.each([0, 1, 2, 3, 4, 65_507])('datagrams of %i bytes come back', async (size) => {
  await using server = await echoing();
  const report = await runLoad({ target: server.target, datagrams: 20, sizes: fixed(size) });
  expect(failureOf(report, 0)).toBeUndefined();
  expect(report).toMatchObject({ datagrams: { answered: 20 }, sentBytes: 20 * size });
});

test('an IPv6 server is loaded with up to 65,527 bytes', async () => {
  await using server = await echoing('::1');
  const report = await runLoad({ target: server.target, datagrams: 3, sizes: fixed(65_527) });
  expect(report).toMatchObject({ target: `[::1]:${server.target.port}`, datagrams: { answered: 3 } });
});

test('a datagram without an answer is lost once the timeout is over, and the loop goes on', async () => {
  let received = 0;
  await using server = await serving((datagram, answer) => {
    received += 1;
    if (received % 10 !== 0) answer(datagram);
  });
  const report = await runLoad({ target: server.target, datagrams: 40, depth: 2, timeoutMs: 300 });
  expect(report).toMatchObject({ datagrams: { sent: 40, answered: 36, lost: 4 }, lossRatio: 0.1, answers: { received: 36 } });
  expect(failureOf(report)).toBeUndefined();
  expect(failureOf(report, 0.1)).toBeUndefined();
  expect(failureOf(report, 0.09)).toBe('4 of 40 datagrams were lost: 10%; allowed: 9%');
});

test('an answer that waits to be read while this process stands still is not lost', async () => {
  await using server = await serving((datagram, answer) => {
    answer(datagram);
    if (datagram.readUInt32BE() === 1) standStill(300);
  });
  const report = await runLoad({ target: server.target, datagrams: 3, timeoutMs: 250 });
  expect(report).toMatchObject({ datagrams: { sent: 3, answered: 3, lost: 0 } });
});

test('duplicates, overtaken and late answers are told apart', async () => {
  const held: (() => void)[] = [];
  await using server = await serving((datagram, answer) => {
    const number = datagram.readUInt32BE();
    // 1 comes after 2; 3 comes twice; 4 comes after it was given up, once 9 is asked.
    if (number === 1 || number === 4) held.push(() => answer(datagram));
    else answer(datagram);
    if (number === 3) answer(datagram);
    if (number === 2 || number === 9) held.shift()?.();
  });
  const report = await runLoad({ target: server.target, datagrams: 10, depth: 2, timeoutMs: 300 });
  const late = report.answers.late + report.reordered;
  expect(report.answers.duplicates).toBe(1);
  expect(late).toBeGreaterThanOrEqual(2);
  expect(report.datagrams.sent).toBe(report.datagrams.answered + report.datagrams.lost);
  expect(report.answers.received).toBe(11);
});

test('an answer that comes after the timeout is late, and its datagram stays lost', async () => {
  let first: (() => void) | undefined;
  await using server = await serving((datagram, answer) => {
    if (first === undefined) first = () => answer(datagram);
    else {
      answer(datagram);
      first();
    }
  });
  const report = await runLoad({ target: server.target, datagrams: 2, timeoutMs: 250 });
  expect(report).toMatchObject({
    datagrams: { sent: 2, answered: 1, lost: 1 },
    answers: { received: 2, right: 1, late: 1, duplicates: 0 },
    reordered: 0,
  });
});

test('a wrong byte is corrupt, is shown, and its datagram is lost', async () => {
  await using server = await serving((datagram, answer) => {
    if (datagram.readUInt32BE() === 2) datagram[20] = ~datagram[20]!;
    answer(datagram);
  });
  const report = await runLoad({ target: server.target, datagrams: 5, timeoutMs: 250 });
  expect(report).toMatchObject({
    datagrams: { sent: 5, answered: 4, lost: 1 },
    answers: { received: 5, corrupt: 1 },
    firstCorrupt: { socket: 1, sequence: 2, offset: 20, expectedHex: expect.stringMatching(/^(?:[0-9a-f]{2} ?){16}$/) },
  });
  expect(failureOf(report)).toMatch(/^socket 1, datagram 2: an answer of 64 bytes: wrong from byte 20: expected .+, received .+$/);
});

test.each<[string, (datagram: Buffer) => Uint8Array, RegExp]>([
  [
    'cut',
    (datagram) => datagram.subarray(0, 40),
    /an answer of 40 bytes, its datagram had 64: wrong from byte 40: expected .+, received nothing/,
  ],
  ['too long', (datagram) => Buffer.concat([datagram, datagram]), /an answer of 128 bytes, its datagram had 64: wrong from byte 64/],
  ['of the future', () => Buffer.alloc(64, 0x7f), /an answer of 64 bytes has a number that was never sent/],
])('an answer that is %s is corrupt', async (_, change, text) => {
  await using server = await serving((datagram, answer) => answer(change(datagram)));
  const report = await runLoad({ target: server.target, datagrams: 1, timeoutMs: 250 });
  expect(report).toMatchObject({ datagrams: { answered: 0, lost: 1 }, answers: { corrupt: 1 } });
  expect(failureOf(report)).toMatch(text);
});

test('an answer meant for another socket is corrupt', async () => {
  const held: { readonly datagram: Buffer; readonly answer: (payload: Uint8Array) => void }[] = [];
  await using server = await serving((datagram, answer) => {
    held.push({ datagram, answer });
    if (held.length < 2) return;
    const [one, other] = held.splice(0);
    one!.answer(other!.datagram);
    other!.answer(one!.datagram);
  });
  const report = await runLoad({ target: server.target, datagrams: 2, sockets: 2, timeoutMs: 250 });
  expect(report).toMatchObject({ answers: { corrupt: 2 }, firstCorrupt: { offset: 4 } });
  expect(failureOf(report)).toMatch(/\(and 1 more wrong answers\)$/);
});

test('an ACK of another time is corrupt, and so is what is not an ACK', async () => {
  await using server = await serving((datagram, answer) => {
    const ack = Buffer.from(datagram.subarray(0, 17));
    ack[2] = 0x11;
    ack.writeUInt16BE(12, 3);
    if (ack.readUInt32BE(5) === 0) ack[16]! ^= 1;
    answer(ack.readUInt32BE(5) === 1 ? datagram : ack);
  });
  const report = await runLoad({ target: server.target, session: 'ack', datagrams: 3, timeoutMs: 250 });
  expect(report).toMatchObject({ datagrams: { answered: 1, lost: 2 }, answers: { corrupt: 2 }, firstCorrupt: { sequence: 0 } });
  expect(failureOf(report)).toMatch(/an ACK with the timestamp \d+, sent was \d+/);
});

test('a rate sends as many datagrams as are due, whether answered or not', async () => {
  let received = 0;
  await using server = await serving((datagram, answer) => {
    received += 1;
    if (received > 100) answer(datagram);
  });
  const report = await runLoad({ target: server.target, durationMs: 500, sockets: 3, ratePerSecond: 400, timeoutMs: 500 });
  expect(report).toMatchObject({ depth: null, ratePerSecond: 400, datagrams: { sent: 200, answered: 100, lost: 100, unsent: 0 } });
});

test('the same seed makes the same datagrams, another one others', async () => {
  const [one, same, other] = [await datagramsOf(1), await datagramsOf(1), await datagramsOf(2)];
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
  expect(new Set(one).size).toBe(30);
});

test('impairments of a server are found in the counts: each of them is explained', async () => {
  await using server = await startServer(['--loss', '10%', '--dup', '10%', '--reorder', '10%', '--seed', '3']);
  const target = { host: '127.0.0.1', port: server.port };
  const report = await runLoad({ target, datagrams: 600, sockets: 2, depth: 16, timeoutMs: 500 });
  const { datagrams, answers, reordered } = report;
  expect(failureOf(report)).toBeUndefined();
  expect(datagrams.sent).toBe(600);
  expect(datagrams.answered + datagrams.lost).toBe(600);
  expect(answers.received).toBe(answers.right + answers.duplicates + answers.late);
  expect([datagrams.lost > 20, datagrams.lost < 150, answers.duplicates > 20, reordered > 0]).toEqual([true, true, true, true]);
});

test('an abort stops the load: what was sent is answered, and nothing is owed', async () => {
  await using server = await echoing();
  const stop = new AbortController();
  const options: LoadOptions = {
    target: server.target,
    datagrams: 1_000_000_000,
    depth: 4,
    signal: stop.signal,
    onProgress: ({ answeredDatagrams, datagramsPerSecond, p99Us }) => {
      expect([datagramsPerSecond > 0, p99Us > 0]).toEqual([true, true]);
      if (answeredDatagrams > 0) stop.abort();
    },
  };
  const report = await runLoad(options);
  expect(failureOf(report, 0)).toBeUndefined();
  expect(report).toMatchObject({ isStopped: true, datagrams: { lost: 0, unsent: 0 } });
  await expect(runLoad({ ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CLIENT_ERR_INTERRUPTED' });
});

test('nothing that listens is one error, at once', async () => {
  await using server = await echoing();
  await server[Symbol.asyncDispose]();
  await expect(runLoad({ target: server.target, datagrams: 10, timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'CLIENT_ERR_REFUSED' });
});

test('a server that goes away while a load goes on is loss, with the refusals of its host beside it', async () => {
  const server = await echoing();
  let isClosed: Promise<void> | undefined;
  const stop = new AbortController();
  const report = await runLoad({
    target: server.target,
    datagrams: 1_000_000_000,
    timeoutMs: 300,
    signal: stop.signal,
    onProgress({ lostDatagrams }) {
      isClosed ??= server[Symbol.asyncDispose]() as Promise<void>;
      // The first may have been lost in the socket that was closed; the second was refused.
      if (lostDatagrams > 1) stop.abort();
    },
  });
  await isClosed;
  expect(failureOf(report)).toBeUndefined();
  expect(failureOf(report, 0)).toMatch(/datagrams were lost/);
  expect(report.refusals).toBeGreaterThan(0);
  expect(report.datagrams.sent).toBe(report.datagrams.answered + report.datagrams.lost);
});

test('a server that answers nothing fails the load, whatever loss is allowed', async () => {
  await using server = await serving(() => undefined);
  const report = await runLoad({ target: server.target, datagrams: 3, depth: 3, timeoutMs: 250 });
  expect(failureOf(report)).toBe('none of 3 datagrams was answered within 250 ms');
  expect(report.roundTrip).toBeNull();
});

test.each<[Partial<LoadOptions>, RegExp]>([
  [{ sockets: 10_001 }, /^sockets: 10001; allowed: whole numbers from 1 to 10000$/],
  [{ depth: 65_537 }, /^depth: 65537; allowed: whole numbers from 1 to 65536$/],
  [{ sockets: 17, depth: 65_536 }, /^17 sockets times depth 65536 is 1114112 datagrams in flight; allowed: 1048576$/],
  [{ sizes: fixed(65_508) }, /^a payload of 65,508 bytes does not fit in one datagram: at most 65,507 bytes over IPv4$/],
  [{ sizes: fixed(65_528) }, /^size: 65528; allowed/],
  [{ durationMs: 1000 }, /^a load needs an end: give either datagrams or a duration$/],
  [{ datagrams: undefined }, /^a load needs an end/],
  [{ depth: 2, ratePerSecond: 5 }, /^give a depth \(closed loop\) or a rate \(open loop\), not both$/],
  [{ ratePerSecond: 1_000_001 }, /^rate: 1000001 datagrams a second; allowed/],
  [{ sizes: fixed(0), depth: 2 }, /^depth 2: datagrams of 0 bytes carry so little of their number that at most 1 can be told apart$/],
  [{ sizes: fixed(1), depth: 129 }, /that at most 128 can be told apart$/],
  [{ sizes: fixed(3), ratePerSecond: 5 }, /^size 3 with a rate: its datagrams carry a number of 4 bytes/],
  [{ session: 'ack', sizes: fixed(16) }, /^size 16: a probe of the session ack has at least 17 bytes$/],
  [{ timeoutMs: 0 }, /^timeout in milliseconds: 0; allowed/],
])('options that contradict a limit are refused: %j', async (options, message) => {
  const asked = runLoad({ target: { host: '127.0.0.1', port: 1 }, datagrams: 1, ...options });
  await expect(asked).rejects.toMatchObject({ code: 'SERVICE_ERR_USAGE', message: expect.stringMatching(message) });
});

/** What a load sends with this seed, in hex. */
async function datagramsOf(seed: number): Promise<string[]> {
  const seen: string[] = [];
  await using server = await serving((datagram, answer) => {
    seen.push(datagram.toString('hex'));
    answer(datagram);
  });
  await runLoad({ target: server.target, datagrams: 30, sizes: { min: 4, max: 40 }, seed });
  return seen;
}
