import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { machine } from '@socklab/lab/testing';
import { PLANS, PRESETS, readReport } from '@socklab/probe';
import { listening } from '@socklab/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStickyLabProgram } from '../../../src/cli.ts';
import { masksOf } from '../../../src/commands/probe/options/campaign-options.ts';
import { CAMPAIGN_MS, galleryServer, isLinux, lineServer, pasted, startStickyLab, stickyLab } from './probe-run.ts';

const FRAME = 'hex:00 00 00 05 68 65 6c 6c 6f';
const timeout = CAMPAIGN_MS;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sticky-lab-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileNamed(name: string): string {
  return join(folder, name);
}

/** The command that a report gives to do its smallest failure again. */
function replayOf(stdout: string): string {
  return /\n {2}replay {4}(.+)/.exec(stdout)?.[1] ?? '';
}

describe.runIf(isLinux).concurrent('broken servers are found, named, and found again by the command that is printed', () => {
  test.for([
    ['header-one-recv', FRAME, ['--framing', 'u32be'], 'likely bug: header-one-recv (certain)', 'at:3'],
    ['crlf-per-chunk', String.raw`text:a line\r\n`, [], 'likely bug: delimiter-per-chunk (', 'at:7'],
    [
      'drops-second-message',
      FRAME,
      ['--framing', 'u32be', '--plan', 'every-cut', '--plan', 'glue:2+glue+cut'],
      'likely bug: first-message-only (',
      'at:x2',
    ],
  ] as const)('%s', { timeout }, async ([name, request, args, diagnosis, plan]) => {
    await using server = await galleryServer(name);
    const { code, stdout, stderr } = await stickyLab([
      'probe',
      '--target',
      server.target,
      '--request',
      request,
      '--hang',
      '600ms',
      ...args,
    ]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/\nFAIL {2}\d+ of \d+ trials fail\n/);
    expect(stdout).toContain(`\n${diagnosis}`);
    expect(code).toBe(1);

    const replay = replayOf(stdout);
    const framing = (args as readonly string[]).includes('--framing') ? ' --framing u32be' : '';
    expect(replay).toBe(`sticky-lab probe --target ${server.target} --request '${request}'${framing} --hang 600ms --plan ${plan}`);
    await using again = pasted(replay);
    const { code: codeAgain, stdout: stdoutAgain } = await again.exit();
    expect(stdoutAgain).toContain('\nFAIL  1 of 1 trial fail');
    expect(codeAgain).toBe(1);
  });
});

describe('what it exits with', () => {
  test.runIf(isLinux)('0 when every trial went well', { timeout }, async () => {
    await using server = await lineServer();
    const { code, stdout } = await stickyLab([
      'probe',
      '--target',
      server.target,
      '--request',
      String.raw`text:one line\n`,
      '--plan',
      'every-cut',
    ]);
    expect(stdout).toContain('\nPASS  all 8 trials went well');
    expect(code).toBe(0);
  });

  test('3 when no trial fails and not each delivery is confirmed', { timeout }, async () => {
    await using server = await lineServer();
    const args = ['probe', '--target', server.target, '--request', String.raw`text:one line\n`, '--pace', 'none'];
    const { code, stdout } = await stickyLab(args);
    expect(stdout).toContain('\nUNCONFIRMED  ');
    expect(code).toBe(3);
  });

  test('4 when the exchange fails uncut', { timeout }, async () => {
    await using server = await lineServer();
    const args = ['probe', '--target', server.target, '--request', 'text:no end of line', '--control-timeout', '300ms'];
    const { code, stdout } = await stickyLab(args);
    expect(stdout).toContain('\nCONTROL-FAILED  ');
    expect(code).toBe(4);
  });

  test('4 and one line when there is no connection', { timeout }, async () => {
    const { code, stdout, stderr } = await stickyLab(['probe', '--target', `unix:${folder}/nobody.sock`, '--request', 'hex:00 00']);
    expect(stderr).toBe(`sticky-lab: no connection to unix:${folder}/nobody.sock: ENOENT (PROBE_ERR_CONNECT)\n`);
    expect(stdout).toBe('');
    expect(code).toBe(4);
  });
});

describe('bad input is refused before anything is sent', () => {
  const target = ['--target', '127.0.0.1:1'];
  test.for([
    [['probe', '--request', 'text:a'], "there is no server: give --target HOST:PORT, or for probe --run 'server {port}'"],
    [['probe', ...target], 'give one of --request, --conversation, --recording and --protocol; given: none'],
    [['probe', ...target, '--request', 'hex:00 00', '--recording', 'x'], 'given: --request and --recording'],
    [['probe', ...target, '--request', 'hex:0'], 'hex is an even number of digits'],
    [['probe', ...target, '--request', '/no/such/file'], '--request /no/such/file cannot be read: ENOENT'],
    [['probe', ...target, '--conversation', '/no/such/file'], '--conversation /no/such/file cannot be read: ENOENT'],
    [
      ['probe', ...target, '--protocol', 'nope'],
      'there is no exchange ready for "nope", only for http, http2, websocket, redis, memcached, postgres, mysql, mqtt, amqp, stomp, nats, kafka, smtp, imap, pop3, dns, ldap, socks5, ftp, modbus, hl7, lsp',
    ],
    [['probe', ...target, '--request', 'hex:00 00', '--plan', 'nope'], 'unknown plan "nope"; allowed: thorough  every-cut'],
    [
      ['probe', ...target, '--request', 'hex:00 00', '--pace', 'slow'],
      'unknown pace "slow"; allowed: drain, auto, none, preload and gap:5ms',
    ],
    [['probe', ...target, '--request', 'hex:00 00', '--mask', '('], 'neither one of http-date'],
    [
      ['probe', ...target, '--request', 'hex:00 00', '--until', 'soon'],
      'an answer ends at bytes:N, frames:N, unordered:N, idle:200ms, close or control',
    ],
    [['probe', ...target, '--request', 'hex:00 00', '--framing', 'u32be'], 'not framed as u32be'],
    [['probe', ...target, '--request', 'hex:00 00', '--shard', '4/4'], 'shard 4/4'],
    [['probe', ...target, '--request', 'hex:00 00', '--hang', '0'], '"0" is too little: give at least 1ms'],
    [['probe', ...target, '--request', 'hex:00 00', '--concurrency', '5000'], '--concurrency is 5000; allowed: 1 to 1024'],
    [
      ['probe', ...target, '--request', 'hex:00 00', '--html', '/no/such/folder/x'],
      '--html /no/such/folder/x: /no/such/folder is not a writable folder',
    ],
    [['probe', '--target', 'nowhere', '--request', 'hex:00 00'], 'target "nowhere"; allowed: host:port'],
    [['probe', '--target', '192.0.2.1:7', '--request', 'hex:00 00'], 'so say that it is yours (--i-own-the-target)'],
    [['probe', '--target', 'unix:/x', '--tls', '--request', 'hex:00 00'], '--target unix:/x is a unix socket, TLS goes over TCP here'],
    [['probe-udp', '--request', 'text:a'], 'there is no target: give its address, or the command that runs it'],
    [['probe-udp', ...target], 'give one of --request, --conversation, --recording and --protocol; given: none'],
    [['probe-udp', ...target, '--request', 'text:a', '--protocol', 'dns'], 'given: --request and --protocol'],
    [['probe-udp', ...target, '--allow', 'hang'], 'unknown failure "hang"; allowed: no-answer, wrong-answer, answered-anew, amplifies'],
    [['probe-udp', ...target, '--request', 'text:a', '--id', '0:9'], 'an id is OFFSET:LENGTH with a length of 2 to 8 bytes'],
    [['probe-udp', ...target, '--request', 'text:a', '--delay', '30d'], '--delay'],
    [['probe-udp', ...target, '--request', 'text:a', '--concurrency', '257'], '--concurrency is 257; allowed: 1 to 256'],
    [['probe-client', '--recording', 'x'], "required option '--run <command>' not specified"],
    [['probe-client', '--recording', 'x', '--run', "'"], 'is not closed'],
    [['record', ...target, '--out', '/no/such/folder/x'], '--out /no/such/folder/x cannot be written: ENOENT'],
    [['record', ...target, '--out', 'x', '--max-bytes', '97MiB'], '"97MiB" is too much: what is recorded is read again up to 96MiB'],
    [['merge'], "missing required argument 'reports'"],
    [['merge', '/no/such/file'], 'report /no/such/file cannot be read: ENOENT'],
  ] as const)('%j', async ([args, message]) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const streams = { stdin: new PassThrough(), stdout, stderr };
    const program = createStickyLabProgram({ experiments: [], stdout, machine, streams, exitWith: () => expect.unreachable() });
    for (const command of program.commands) command.configureOutput({ outputError: () => undefined });
    const error: unknown = await program.parseAsync(args, { from: 'user' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: expect.stringContaining(message),
      code: expect.stringMatching(/^commander\.|^SERVICE_ERR_USAGE$/),
    });
    expect([stdout.read(), stderr.read()]).toEqual([null, null]);
  });

  test.for([
    [['probe', ...target], 'give one of --request, --conversation, --recording and --protocol; given: none'],
    [['probe', ...target, '--request', 'hex:0'], 'hex is an even number of digits'],
  ] as const)('%j is one line and exit 2', { timeout }, async ([args, message]) => {
    const { code, stdout, stderr } = await stickyLab(args);
    expect(stderr).toMatch(/^sticky-lab: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe.runIf(isLinux)('reports', () => {
  test('--json prints one, --junit and --html write files beside it', { timeout }, async () => {
    await using server = await lineServer();
    const files = ['--junit', fileNamed('report.xml'), '--html', fileNamed('report.html')];
    const { code, stdout } = await stickyLab([
      'probe',
      '--target',
      server.target,
      '--request',
      String.raw`text:ab\n`,
      '--plan',
      'every-cut',
      '--json',
      ...files,
    ]);
    expect(readReport(stdout)).toMatchObject({ outcome: 'pass', totals: { pass: 2 } });
    expect(readFileSync(fileNamed('report.xml'), 'utf8')).toMatch(/^<\?xml[^>]*>\s*<testsuites/);
    expect(readFileSync(fileNamed('report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
    expect(code).toBe(0);
  });

  test('the replay command has every option that a trial depends on, and standard input as hex', { timeout }, async () => {
    await using server = await galleryServer('header-one-recv');
    const waits = ['--hang', '600ms', '--silence', '100ms', '--control-timeout', '3000ms', '--trial-timeout', '20000ms'];
    const kept = ['--framing', 'u32be', '--pace', 'drain', '--mask', 'uuid', '--mask', 'x+', ...waits];
    const left = ['--plan', 'at:1', '--seed', '7', '--concurrency', '2', '--max-time', '1m', '--max-shrink', '5'];
    await using program = startStickyLab(['probe', '--target', server.target, '--request', '-', ...kept, ...left], { stdin: 'pipe' });
    program.write(Buffer.from('000000026869', 'hex'));
    program.endInput();
    const { stdout } = await program.exit();
    expect(replayOf(stdout)).toBe(`sticky-lab probe --target ${server.target} --request hex:000000026869 ${kept.join(' ')} --plan at:3`);
  });

  test('options come from the environment too, the shard of an indexed job among them', { timeout }, async () => {
    await using server = await lineServer();
    const env = {
      STICKY_LAB_TARGET: server.target,
      STICKY_LAB_REQUEST: String.raw`text:abcd\n`,
      STICKY_LAB_SHARD: '1/2',
      STICKY_LAB_PLAN: 'every-cut',
    };
    const { code, stdout } = await stickyLab(['probe', '--json'], { env });
    expect(readReport(stdout)).toMatchObject({ shards: { indexes: [1], of: 2 }, totals: { pass: 2 } });
    expect(code).toBe(0);
  });

  test('merge joins those of shards, and does not pass while one is missing', { timeout }, async () => {
    await using server = await lineServer();
    const files = [fileNamed('shard-0.json'), fileNamed('shard-1.json')];
    for (const [index, file] of files.entries()) {
      const command = `sticky-lab probe --target ${server.target} --request 'text:abcdef\\n' --plan every-cut --shard ${index}/2 --json > '${file}'`;
      await using shard = pasted(command);
      expect(await shard.exit()).toMatchObject({ code: 0 });
    }
    const [all, half] = [await stickyLab(['merge', ...files]), await stickyLab(['merge', files[0]!, '--json'])];
    expect(all.stdout).toContain('\nPASS  all 6 trials went well');
    expect(all.code).toBe(0);
    expect(readReport(half.stdout)).toMatchObject({ outcome: 'unconfirmed', shards: { indexes: [0], of: 2 }, totals: { pass: 3 } });
    expect(half.code).toBe(3);
  });

  test('plans lists every plan in a line', async () => {
    const { code, stdout } = await stickyLab(['plans']);
    const lines = stdout.trimEnd().split('\n');
    const all = [...PRESETS.map(({ name: usage, summary }) => ({ usage, summary })), ...PLANS];
    expect(lines).toHaveLength(all.length);
    for (const [index, { usage, summary }] of all.entries()) expect(lines[index]).toMatch(startsWith(usage, summary));
    expect(code).toBe(0);
  });
});

function startsWith(usage: string, summary: string): RegExp {
  const [first, second] = [usage, summary].map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${first} +${second}`);
}

describe.runIf(isLinux)('over TLS', () => {
  const certificate = fileURLToPath(new URL('../../fixtures/certificates/localhost.cert.pem', import.meta.url));
  const key = fileURLToPath(new URL('../../fixtures/certificates/localhost.key.pem', import.meta.url));
  const request = ['--request', String.raw`text:ab\n`, '--plan', 'every-cut'];

  test.for([
    [['--tls'], 4, 'DEPTH_ZERO_SELF_SIGNED_CERT (PROBE_ERR_CONNECT)'],
    [['--insecure'], 0, 'PASS  all 2 trials went well'],
    [['--tls-ca', certificate, '--servername', 'localhost'], 0, 'PASS  all 2 trials went well'],
    [['--tls-ca', certificate, '--servername', 'elsewhere'], 4, 'ERR_TLS_CERT_ALTNAME_INVALID (PROBE_ERR_CONNECT)'],
  ] as const)('%j', { timeout }, async ([args, wanted, message]) => {
    const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (socket) => socket.pipe(socket));
    server.on('tlsClientError', () => undefined);
    const target = `127.0.0.1:${await listening(server)}`;
    const { code, stdout, stderr } = await stickyLab(['probe', '--target', target, ...request, '--until', 'bytes:3', ...args]);
    server.close();
    expect(stdout + stderr).toContain(message);
    expect(code).toBe(wanted);
  });
});

describe.runIf(isLinux)('a campaign that is interrupted', () => {
  const request = `text:${'x'.repeat(60)}\\n`;

  // With the rate it waits for its turn when it is interrupted, with the gap it is between two pieces.
  test.for([
    [['--max-rate', '20/s'], [], 'pass', 'PASS  all 60 trials went well'],
    [['--pace', 'gap:200ms'], ['--pace', 'gap:200ms'], 'unconfirmed', 'UNCONFIRMED  60 of 60 trials went well'],
  ] as const)('reports what is done at the first Ctrl-C, and goes on from there with --resume: %j', { timeout }, async (row) => {
    const [slow, kept, verdict, headline] = row;
    await using server = await lineServer();
    const args = ['probe', '--target', server.target, '--request', request, '--plan', 'every-cut'];
    await using program = startStickyLab([...args, ...slow, '--concurrency', '1']);
    await server.accepted(8);
    program.signal('SIGINT');
    const { code, stdout, stderr } = await program.exit();
    const [, done = '', journal = ''] =
      /^interrupted after (\d+) of 60 trials: the rest is not in this report\nto go on, .* --resume (\S+)\n$/.exec(stderr) ?? [];
    expect(Number(done)).toBeGreaterThan(0);
    const counts = verdict === 'pass' ? [done, '0', '0', '0'] : ['0', '0', done, '0'];
    expect(stdout).toMatch(new RegExp(`\nevery-cut +60 +${counts.join(' +')}\n`));
    expect(code).toBe(3);

    const resumed = await stickyLab([...args, ...kept, '--resume', journal]);
    expect(resumed.stdout).toContain(`\n${headline}`);
    expect(readFileSync(journal, 'utf8').trimEnd().split('\n')).toHaveLength(61);
    rmSync(join(journal, '..'), { recursive: true });
  });

  test('refuses the journal of another one', { timeout }, async () => {
    await using server = await lineServer();
    const journal = ['--resume', fileNamed('journal.jsonl')];
    expect(await stickyLab(['probe', '--target', server.target, '--request', String.raw`text:ab\n`, ...journal])).toMatchObject({
      code: 0,
    });
    const other = await stickyLab(['probe', '--target', server.target, '--request', String.raw`text:abc\n`, ...journal]);
    expect(other.stderr).toContain('it belongs to another campaign');
    expect(other.code).toBe(2);
  });
});

test.each([
  [['http-date'], ['http-date']],
  [
    ['uuid', 'a+'],
    ['http-date', 'uuid', 'mask'],
  ],
  [['none'], []],
  [['uuid', 'none'], ['uuid']],
])('masks %j are added to the default one, which none takes away: %j', (texts, names) => {
  expect(masksOf(texts).map(({ name }) => name)).toEqual(names);
});
