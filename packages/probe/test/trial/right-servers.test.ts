import { createServer } from 'node:net';
import { listening } from '@socklab/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { requestExchange } from '../../src/exchange/create.ts';
import { parseUntil } from '../../src/exchange/until.ts';
import { probe as probeAtOnce } from '../../src/probe.ts';
import { mergeReports } from '../../src/report/merge.ts';
import { textReport } from '../../src/report/text.ts';
import { parseIgnored } from '../../src/trial/masks.ts';
import { CONFIRMED, createTargets, LINE, lines, probe } from '../line-server.ts';

const targets = createTargets();

afterEach(() => targets.stop());

/** Answers what one read brought, the last line first, as servers do that work at several requests at once. */
function unordered(): Promise<string> {
  return targets.start((socket) => {
    let kept = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      const whole = (kept + text).split('\n');
      kept = whole.pop() ?? '';
      for (const line of whole.toReversed()) socket.write(`${line}!\n`);
    });
    socket.on('end', () => socket.end());
  });
}

describe('answers that come in another order', () => {
  const two = Buffer.from('id=1\nid=2\n');

  test('are called that, and prove nothing', async () => {
    const report = await probe({ target: await unordered(), exchange: requestExchange(two, { framing: 'line' }) });
    expect(report).toMatchObject({ outcome: 'flaky', totals: { fail: 5, flaky: 0 } });
    expect(report.cases.every(({ verdict }) => verdict?.failure === 'other-order')).toBe(true);
    expect(report.sends[0]?.cells).toBe('....ooooo');
    expect(report.diagnosis).toBeUndefined();
    expect(textReport(report)).toContain('FLAKY  5 of 9 trials fail, and only in the order of the answers');
    expect(mergeReports([report]).outcome).toBe('flaky');
  });

  test('are equal where the wait says so', async () => {
    const exchange = requestExchange(two, { framing: 'line', until: parseUntil('unordered:2', 'line') });
    const report = await probe({ target: await unordered(), exchange, plans: 'thorough' });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
  });

  test('are not, when one of them is another', async () => {
    const target = await targets.start((socket) => {
      let reads = 0;
      socket.on('data', () => (reads += 1));
      lines(socket, (line) => socket.write(reads > 1 ? 'no\n' : `${line}!\n`));
    });
    const exchange = requestExchange(two, { framing: 'line', until: parseUntil('unordered:2', 'line') });
    expect(await probe({ target, exchange })).toMatchObject({ outcome: 'fail', totals: { pass: 0 } });
  });
});

test.runIf(process.platform === 'linux')('a server that reads only after more than a second is waited for', async () => {
  // Only a socket that was never read has its bytes wait in the kernel.
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    targets.sockets.push(socket.on('error', () => {}));
    setTimeout(() => (lines(socket, (line) => socket.write(`${line}\n`)), socket.resume()), 1100);
  });
  targets.servers.push(server);
  const target = `127.0.0.1:${await listening(server)}`;
  const report = await probeAtOnce({ target, exchange: LINE, plans: 'at:2', concurrency: 1 });
  expect(report).toMatchObject({ outcome: 'pass', totals: { pass: 1 } });
});

test('an answer that is longer than what is kept is said to be compared up to there', async () => {
  const target = await targets.start((socket) => lines(socket, () => socket.write('x'.repeat(100))));
  const report = await probe({ target, exchange: LINE, maxAnswerBytes: 10 });
  expect(report.totals.fail).toBe(0);
  expect(report.control.detail).toContain('compared up to byte 10: the limit is maxAnswerBytes');
});

/** Answers lines, and tells every other connection of an event: before, between or behind the answers. */
function pushing(): Promise<string> {
  return targets.start((socket, connection) => {
    if (connection % 3 === 1) socket.write('EVENT began\n');
    lines(socket, (line) => socket.write(connection % 2 === 0 ? `${line}!\n` : `${line}!\nEVENT ${connection}\n`));
  });
}

describe('what a server says by itself', () => {
  test('differs uncut, and is ignored where that is asked for', async () => {
    expect(await probe({ target: await pushing(), exchange: LINE })).toMatchObject({ outcome: 'flaky', control: { kind: 'flaky' } });
    const masks = [parseIgnored(String.raw`^EVENT .*\n`)];
    const report = await probe({ target: await pushing(), exchange: LINE, masks });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
  });

  test('is named with what ignores it, and is ignored by --mask auto', async () => {
    const flaky = await probe({ target: await pushing(), exchange: LINE });
    expect(flaky.control.detail).toContain(String.raw`--ignore '^EVENT`);
    const report = await probe({ target: await pushing(), exchange: LINE, autoMask: true });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
  });

  test('is no failure where only trials that take longer hear it', async () => {
    const target = await targets.start((socket) => {
      const timer = setInterval(() => socket.write('* news\n'), 900);
      socket.on('close', () => clearInterval(timer));
      lines(socket, (line) => socket.write(`${line}!\n`));
    });
    const report = await probe({ target, exchange: LINE, plans: 'at:2/pause1000', concurrency: 1 });
    expect(report).toMatchObject({ outcome: 'flaky', totals: { fail: 0, flaky: 1 } });
    expect(report.cases[0]?.detail).toContain(String.raw`what the server says by itself is left out by --ignore '^\* news\n'`);
  });

  test('is not counted among the frames that are awaited', async () => {
    const exchange = requestExchange(Buffer.from('one\ntwo\n'), { framing: 'line', until: parseUntil('frames:2', 'line') });
    const report = await probe({ target: await pushing(), exchange, masks: [parseIgnored(String.raw`^EVENT .*\n`)] });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
  });
});

test.runIf(process.platform === 'linux')('an answer that comes before the request is whole is told', async () => {
  const target = await targets.start((socket) => {
    let kept = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      // The payload is thrown away, and not waited for. The piece is read before the answer comes, which comes within the pause.
      if (kept.length < 3 && kept.length + text.length >= 3) setTimeout(() => socket.writable && socket.write('ok\n'), 10);
      kept += text;
    });
    socket.on('end', () => socket.end());
  });
  const report = await probe({ target, exchange: requestExchange(Buffer.from('put payload')), plans: 'pause:50ms' });
  expect(report.outcome).toBe('pass');
  expect(report.earlyAnswers).toBeGreaterThan(0);
  expect(textReport(report)).toContain('early: ');
  const right = await targets.start((socket) => lines(socket, (line) => socket.write(`${line}\n`)));
  expect((await probe({ target: right, exchange: LINE })).earlyAnswers).toBeUndefined();
});
