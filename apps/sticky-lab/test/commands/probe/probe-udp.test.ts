import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { datagramExchange, datagramProtocol, DEFAULT_DATAGRAM_PLANS, parseConversation, probeDatagrams } from '@socklab/probe';
import { UDP_GALLERY } from '@socklab/probe/gallery';
import { programCommand } from '@socklab/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEERS } from './probe-peers.ts';
import { CAMPAIGN_MS, pasted, startStickyLab, stickyLab, udpGalleryServer } from './probe-run.ts';
import type { DatagramReport } from '@socklab/probe';

const timeout = CAMPAIGN_MS;
const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const BRIEF = { quietMs: 50, delayMs: 60 };
const NO_ALARM = { outcome: 'pass', totals: { fail: 0, flaky: 0 } };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sticky-lab-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The output without what differs between runs. */
function anywhere(output: string): string {
  return output.replaceAll(/\d+\.\d+ (?=ms|s\b)/g, 'some ').replaceAll(/(?<=^ {2}(?:expected|received) {2}).*(?=count)/gm, '');
}

/** The service of this repository, as `run` takes it. */
function udpMulti(...args: readonly string[]): readonly string[] {
  return [...programCommand('udp-multi'), '--listen', 'udp://{host}:{port}', '--log-level', 'error', ...args];
}

/** Joins, speaks and leaves: the cookie and the key go back. */
const ROOM = {
  name: 'join a room, speak and leave',
  steps: [
    { send: { hex: `534c010010 ${'00'.repeat(16)}` } },
    { expect: 'control', capture: [{ name: 'cookie', at: 5, bytes: 16 }] },
    { send: { hex: '534c030013 {{cookie}} 626f62' } },
    { expect: 'control', capture: [{ name: 'key', at: 9, bytes: 8 }] },
    { send: { hex: '534c05000a {{key}} 6869' } },
    { send: { hex: '534c070008 {{key}}' } },
    { expect: 'idle:20ms' },
  ],
};

describe.concurrent('probe-udp', () => {
  test('prints what the README shows, and finds it again by the command that it prints', { timeout }, async () => {
    const [, command = '', output = ''] =
      /^(sticky-lab probe-udp --target 127\.0\.0\.1:7000 [^\n]*)\n```\n\n```text\n(.*?)^```/ms.exec(readme) ?? [];
    using server = await udpGalleryServer('carries-out-copies');
    await using printed = pasted(command.replace('127.0.0.1:7000', server.target));
    const { stdout, code } = await printed.exit();
    expect(anywhere(stdout.replaceAll(server.target, '127.0.0.1:7000'))).toBe(anywhere(output));
    expect(code).toBe(1);
    await using again = pasted(/\n {2}replay {4}(.+)/.exec(stdout)?.[1] ?? '');
    expect(await again.exit()).toMatchObject({ code: 1, stdout: expect.stringContaining('\nFAIL  1 of 2 trials fail\n') });
  });

  test('starts the server, again when it dies, and writes JSON, JUnit and a page', { timeout }, async () => {
    const file = join(folder, 'udp.xml');
    const page = join(folder, 'udp.html');
    const server = UDP_GALLERY.find(({ name }) => name === 'dies-truncated')!;
    const program = new URL('../../../../../packages/probe/gallery/udp/dies-truncated.ts', import.meta.url).pathname;
    const request = `hex:${Buffer.from(server.requests[0]!).toString('hex')}`;
    const run = `${process.execPath} ${program} {port}`;
    const args = [
      '--run',
      run,
      '--request',
      request,
      '--id',
      '0:2',
      '--plan',
      'double+truncate:0@4',
      '--hang',
      '300ms',
      '--silence',
      '50ms',
    ];
    const { code, stdout } = await stickyLab(['probe-udp', ...args, '--json', '--junit', file, '--html', page]);
    expect(code).toBe(1);
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({ version: 1, transport: 'udp', outcome: 'fail', totals: { fail: 1 }, target: run });
    expect(report).toMatchObject({
      cases: [{ trial: 'truncate:0@4', failure: 'target-died', detail: expect.stringContaining('exit code 1') }],
    });
    expect(readFileSync(file, 'utf8')).toContain('<testcase classname="');
    expect(readFileSync(page, 'utf8')).toContain('<summary>truncate:0@4: target-died, ');
  });

  test('asked in dns, dnsmasq raises no alarm', { timeout }, async ({ skip }) => {
    const peer = PEERS.find(({ name }) => name === 'dnsmasq')!;
    skip(peer.program === undefined, 'dnsmasq is not installed');
    await using server = await peer.start();
    await expect(probeDatagrams({ ...BRIEF, ...datagramProtocol('dns'), target: server.target })).resolves.toMatchObject(NO_ALARM);
  });

  test('the echo of udp-multi raises no alarm, several messages in one datagram included', { timeout }, async () => {
    const exchange = datagramExchange(['hello {{trial}}\n', 'more {{trial}}\n'].map((text) => Buffer.from(text)));
    const plans = [...DEFAULT_DATAGRAM_PLANS, 'glue', 'glue:3'].join('+');
    const report = await probeDatagrams({ ...BRIEF, run: udpMulti('--framing', 'line'), exchange, plans });
    expect(report).toMatchObject(NO_ALARM);
    expect(report.plans.slice(-2)).toMatchObject([
      { plan: 'glue', planned: 2, same: 2 },
      { plan: 'glue:3', planned: 2, same: 2 },
    ]);
    expect(report.notTried).toEqual(['more than 3 messages in one datagram', 'other delays than 60 ms (--delay)']);
  });

  test('the room of udp-multi raises no alarm, its cookie and its key sent back', { timeout }, async () => {
    const exchange = parseConversation(JSON.stringify(ROOM));
    const brief = { ...BRIEF, concurrency: 16, maxTruncations: 2, autoMask: true };
    await expect(probeDatagrams({ ...brief, run: udpMulti('--topology', 'many-to-many'), exchange })).resolves.toMatchObject(NO_ALARM);
  });

  test('is ended by Ctrl-C with a report of what was done, and goes on from there', { timeout }, async () => {
    using server = await udpGalleryServer('udp-echo');
    const args = ['--request', 'text:hello', '--concurrency', '1', '--silence', '300ms', '--json'];
    await using running = startStickyLab(['probe-udp', '--target', server.target, ...args]);
    // The control takes five.
    for (let count = 0; count < 8; count++) await once(server.socket, 'message');
    running.signal('SIGINT');
    const { code, stdout, stderr } = await running.exit();
    const { outcome, totals } = JSON.parse(stdout) as DatagramReport;
    expect({ code, outcome }).toEqual({ code: 3, outcome: 'unconfirmed' });
    const [, journal = ''] = /\nto go on, give the same command with --resume (.+)\n$/.exec(stderr) ?? [];
    const resumed = await stickyLab(['probe-udp', '--target', server.target, ...args, '--resume', journal, '--max-time', '1ms']);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ outcome: 'unconfirmed', totals });
    rmSync(dirname(journal), { recursive: true });
  });
});
