import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { probeClient } from '../src/client-probe.ts';
import { readRecording, recordingHead, recordingLine } from '../src/exchange/recording.ts';
import type { Recording } from '../src/exchange/recording.ts';
import type { AddressInfo } from 'node:net';

const isLinux = process.platform === 'linux';
const CLIENT = fileURLToPath(new URL('peers/client.ts', import.meta.url));
const ANSWER = Buffer.from('\0\0\0\x08grüße!', 'utf8');

const recording: Recording = readRecording(
  [
    recordingHead({ framing: 'u32be' }),
    recordingLine({ ms: 0, from: 'client', bytes: Buffer.from('hello\n') }),
    recordingLine({ ms: 1, from: 'server', bytes: ANSWER }),
    recordingLine({ ms: 2, from: 'client', end: 'fin' }),
  ].join(''),
);

function client(mode: string): readonly string[] {
  return [process.execPath, '--no-warnings', CLIENT, '{port}', mode];
}

describe('probing a client', () => {
  test('passes for one that reads until the answer is whole', async () => {
    const report = await probeClient({ recording, run: client('whole'), plans: 'every-cut' });
    expect(report).toMatchObject({ outcome: isLinux ? 'pass' : 'unconfirmed', totals: { fail: 0, flaky: 0 } });
    expect(Buffer.from(report.control.answers[0]!.hex, 'hex').toString()).toBe('answer: grüße!\n\n[exit 0]\n');
  });

  test('tries no plan of two connections: each client makes one', async () => {
    const report = await probeClient({ recording, run: client('whole'), plans: 'interleave+bytes:5' });
    expect(report.totals).toMatchObject({ fail: 0, flaky: 0 });
    expect(report.totals.pass + report.totals.unconfirmed).toBe(1);
    expect(report.notTried).toContain('two connections whose pieces alternate: each client makes one');
  });

  test('finds one that takes the first chunk for the answer, by its output and exit code', async () => {
    const report = await probeClient({ recording, run: client('first-chunk'), plans: 'bytes:5', maxShrinkRuns: 4 });
    expect(report).toMatchObject({ outcome: 'fail', totals: { fail: 1 } });
    expect(Buffer.from(report.cases[0]!.received.hex, 'hex').toString()).toMatch(/^answer: (?!grüße!).*\n\n\[exit \d\]\n$/s);
  });

  test('fails the control of a client that does not do the same each time', async () => {
    const report = await probeClient({ recording, run: client('pid'), plans: 'bytes:5' });
    expect(report).toMatchObject({ outcome: 'flaky', control: { kind: 'flaky', detail: expect.stringContaining('mask') } });
    const masked = await probeClient({ recording, run: client('pid'), plans: 'bytes:5', masks: [{ name: 'pid', pattern: /\d{2,}/g }] });
    expect(masked.totals).toMatchObject({ fail: 0, flaky: 0 });
    const found = await probeClient({ recording, run: client('pid'), plans: 'bytes:5', autoMask: true });
    expect(found).toMatchObject({ control: { kind: 'ok' }, totals: { fail: 0, flaky: 0 } });
  });

  test('splits a command line without a shell', async () => {
    const run = `'${process.execPath}' --no-warnings "${CLIENT}" {port} 'whole; exit 9'`;
    expect((await probeClient({ recording, run, plans: 'bytes:5' })).totals.fail).toBe(0);
  });

  test('throws PROBE_ERR_COMMAND for a program that cannot be started', async () => {
    await expect(probeClient({ recording, run: 'no-such-program-here {port}' })).rejects.toMatchObject({ code: 'PROBE_ERR_COMMAND' });
  });

  test('fails the control of a client that fails with nothing cut', async () => {
    const refused = readRecording(
      [
        recordingHead({}),
        recordingLine({ ms: 0, from: 'client', bytes: Buffer.from('hello\n') }),
        recordingLine({ ms: 1, from: 'server', bytes: ANSWER.subarray(0, 8) }),
      ].join(''),
    );
    const report = await probeClient({ recording: refused, run: client('first-chunk'), plans: 'bytes:5' });
    expect(report).toMatchObject({
      outcome: 'control-failed',
      control: { detail: 'run 1 of the client with nothing cut: exit 3' },
      totals: { pass: 0, unconfirmed: 0 },
    });
  });

  test.runIf(isLinux)('finds one that takes the writes of the server one by one only, and not both in one read', async () => {
    const twice = readRecording(
      [
        recordingHead({ framing: 'u32be' }),
        recordingLine({ ms: 0, from: 'client', bytes: Buffer.from('hello\n') }),
        recordingLine({ ms: 1, from: 'server', bytes: ANSWER }),
        recordingLine({ ms: 300, from: 'server', bytes: ANSWER }),
      ].join(''),
    );
    const report = await probeClient({ recording: twice, run: client('two'), plans: 'bytes:5', maxShrinkRuns: 4 });
    expect(report).toMatchObject({
      outcome: 'fail',
      control: { kind: 'ok', detail: expect.stringContaining('when they are one write, run 1 of the client with nothing cut: exit 3') },
      plans: [
        { plan: 'bytes:5', pass: 1, fail: 0 },
        { plan: 'glue:2', pass: 0, fail: 1 },
      ],
    });
  });

  test('ends with its signal while a client hangs', async () => {
    const stop = new AbortController();
    const told = createServer(() => stop.abort(new Error('enough'))).listen(0, '127.0.0.1');
    await once(told, 'listening');
    // It has had its answer and does not end.
    const script = `
      const { connect } = require('node:net');
      const socket = connect({port}, '127.0.0.1', () => socket.end('hello\\n')).resume();
      socket.on('close', () => connect(${(told.address() as AddressInfo).port}, '127.0.0.1').resume());
      setInterval(() => {}, 60_000);`;
    const report = probeClient({ recording, run: [process.execPath, '-e', script], controlTimeoutMs: 300_000, signal: stop.signal });
    await expect(report).rejects.toThrow('enough');
    told.close();
  });

  test('fails the control of a client that never connects', async () => {
    const report = await probeClient({ recording, run: [process.execPath, '-e', '0'], controlTimeoutMs: 100 });
    expect(report).toMatchObject({ outcome: 'control-failed', control: { detail: expect.stringContaining('did not connect') } });
  });
});
