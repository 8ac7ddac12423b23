import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { parseCampaignFile } from '../../../src/commands/probe/campaign-file/entry.ts';
import { campaignFileSchema } from '../../../src/commands/probe/campaign-file/schema.ts';
import { CAMPAIGN_MS, galleryServer, isLinux, lineServer, stickyLab, udpGalleryServer } from './probe-run.ts';
import type { AddressInfo } from 'node:net';

const HELLO = { request: String.raw`text:hello\n`, plan: 'every-cut' };

describe('a campaign file', { timeout: CAMPAIGN_MS }, () => {
  test.runIf(isLinux)(
    'runs one after the other, a line each, also for one that cannot be run, and tells a pass that was expected to fail',
    async () => {
      await using folder = await temporaryFolder();
      await using server = await lineServer();
      await using broken = await galleryServer('crlf-per-chunk');
      const crlf = { target: broken.target, request: String.raw`text:hello\r\n`, plan: 'every-cut', hang: '300ms' };
      const file = join(folder.path, 'socklab.probe.json');
      const campaigns = [
        { name: 'lines', target: server.target, ...HELLO },
        { name: 'lost', target: server.target, request: 'file:no-such-file' },
        { name: 'a known one', ...crlf, expected: 'fail', reason: 'CR and LF are looked for in one chunk' },
      ];
      await writeFile(file, JSON.stringify({ campaigns }));
      const right = await stickyLab(['campaign', file]);
      expect(right).toMatchObject({ code: 4, stderr: '' });
      expect(right.stdout).toMatch(
        /^ok {5}lines: PASS .*\nERROR {2}lost: .*no-such-file cannot be read: ENOENT.*\nok {5}a known one: FAIL .*; known: CR and LF .*\n\n2 of 3 as expected\n$/,
      );

      const surprise = { name: 'mended: at last', target: server.target, ...HELLO, expected: 'fail', reason: 'an old bug' };
      await writeFile(file, JSON.stringify({ campaigns: [surprise] }));
      const wrong = await stickyLab(['campaign', file, '--annotate']);
      expect(wrong.code).toBe(1);
      expect(wrong.stdout).toContain('it passes now, and is expected to fail: an old bug');
      expect(wrong.stdout).toContain('::error title=mended%3A at last::FAIL   mended: at last: PASS');
    },
  );

  test('takes a target over UDP, with the options of probe-udp', async () => {
    await using folder = await temporaryFolder();
    using right = await udpGalleryServer('udp-echo');
    using broken = await udpGalleryServer('carries-out-copies');
    const file = join(folder.path, 'socklab.probe.yaml');
    const brief = 'transport: udp, silence: 50ms, plan: double';
    await writeFile(
      file,
      `campaigns:
  - { name: echo, ${brief}, target: '${right.target}', request: 'text:hello' }
  - { name: copies, ${brief}, target: '${broken.target}', request: ['hex:0000 6f70656e', 'hex:0000 636f756e74'], id: '0:2' }
`,
    );
    const pages = join(folder.path, 'pages');
    const { code, stdout } = await stickyLab(['campaign', file, '--html', pages, '--annotate']);
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringMatching(/\nok {5}echo: PASS {2}after each of 2 trials/) });
    expect(stdout).toContain('\nFAIL   copies: FAIL  1 of 3 trials fail\n');
    expect(stdout).toContain('\ndouble:1  answered-anew: ');
    expect(stdout).toContain('::error title=copies::FAIL');
    expect(readFileSync(join(pages, '2-copies.html'), 'utf8')).toContain('<summary>double:1: answered-anew, ');
  });

  test.runIf(isLinux)('prints nothing of what a server says as a command of GitHub Actions', async () => {
    await using folder = await temporaryFolder();
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => socket.write(`##[error]${chunk.toString('hex')}\r\n::error::${chunk.length}\n::stop-commands::x\n`));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const file = join(folder.path, 'socklab.probe.json');
    const entry = { name: '##[error]evil', target: `127.0.0.1:${port}`, request: 'text:hello', plan: 'at:2' };
    await writeFile(file, JSON.stringify({ campaigns: [entry, entry] }));
    const { code, stdout } = await stickyLab(['campaign', file, '--annotate']);
    server.close();
    expect(code).toBe(1);
    expect(stdout).toContain('  received  ##[error]');
    const error = '::error title=##[error]evil::FAIL   ##[error]evil: FAIL  1 of 1 trial fail';
    expect(honoured(stdout)).toEqual([error, error]);
    expect(honoured(`${stdout}##[error]later`)).toHaveLength(3);
  });

  test('is written by init from the options of probe, and what is there is left alone', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'new.json');
    const words = ['--out', file, '--name', 'hello', '--run', 'python3 server.py {port}', '--request', 'hex:00 00', '--hang', '2s'];
    const args = ['init', ...words, '--mask', 'uuid', '--mask', 'iso-time', '--tls'];
    const { code, stdout } = await stickyLab(args);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `wrote ${file}: run it with sticky-lab campaign ${file}\n` });
    const text = readFileSync(file, 'utf8');
    const entry = {
      name: 'hello',
      run: 'python3 server.py {port}',
      request: 'hex:00 00',
      hang: '2s',
      mask: ['uuid', 'iso-time'],
      tls: true,
    };
    expect(JSON.parse(text)).toEqual({ campaigns: [entry] });
    expect(parseCampaignFile(text, file)).toMatchObject([{ name: 'hello', expected: 'pass', flags: { hang: 2000, tls: true } }]);
    const again = await stickyLab(args);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be written: EEXIST') as string });
  });
});

const YAML = `
campaigns:
  - name: hello   # in YAML, too
    target: 127.0.0.1:7001
    request: text:hello
    mask: [uuid]
    expected: fail
    reason: ticket 12
`;

/** The errors that the runner of GitHub takes from a log: a line that begins with two colons, or has `##[` anywhere. */
function honoured(log: string): readonly string[] {
  let stopped: string | undefined;
  return log.split('\n').filter((line) => {
    const isResumed = stopped !== undefined && line === `::${stopped}::`;
    if (isResumed) stopped = undefined;
    if (isResumed || stopped !== undefined) return false;
    stopped = /^\s*::stop-commands::(.+)$/.exec(line)?.[1];
    return /^\s*::error|##\[error\]/.test(line);
  });
}

test('a file called .yaml is YAML, and says the same', () => {
  expect(parseCampaignFile(YAML, 'x.yaml')).toMatchObject([{ name: 'hello', expected: 'fail', flags: { mask: ['uuid'] } }]);
  expect(parseCampaignFile(YAML, 'X.YML')).toEqual(parseCampaignFile(YAML, 'x.yaml'));
  expect(() => parseCampaignFile('campaigns: [', 'x.yaml')).toThrow('x.yaml is not YAML');
  expect(() => parseCampaignFile(YAML, 'x.json')).toThrow('x.json is not JSON');
});

test('files that a campaign names stand beside it', () => {
  const text = JSON.stringify({ campaigns: [{ name: 'a', target: ':1', conversation: 'a.json', request: 'file:b.bin' }] });
  expect(parseCampaignFile(text, '/there/x.json')[0]?.flags).toMatchObject({ conversation: '/there/a.json', request: 'file:/there/b.bin' });
});

test.each<[string, unknown, string]>([
  ['nothing in it', {}, 'x.json: campaigns: '],
  ['an unknown option', { campaigns: [{ name: 'a', targte: ':1' }] }, "campaigns[0] (a): unknown option '--targte=:1'"],
  ['a wrong value', { campaigns: [{ name: 'a', plan: 'nope' }] }, 'unknown plan "nope"'],
  ['a place for reports', { campaigns: [{ name: 'a', html: 'x' }] }, '"html" is for one run of sticky-lab probe'],
  ['another transport', { campaigns: [{ name: 'a', transport: 'sctp' }] }, 'campaigns[0].transport'],
  [
    'an option that UDP does not have',
    { campaigns: [{ name: 'a', transport: 'udp', framing: 'line' }] },
    "(a): unknown option '--framing=line'",
  ],
  ['a name of two lines', { campaigns: [{ name: 'a\n::error::b', target: ':1' }] }, 'campaigns[0].name: control characters'],
  ['no name', { campaigns: [{ target: ':1' }] }, 'campaigns[0].name'],
  ['a known failure without a reason', { campaigns: [{ name: 'a', expected: 'fail' }] }, 'has no "reason"'],
  ['another expectation', { campaigns: [{ name: 'a', expected: 'maybe' }] }, 'campaigns[0].expected'],
])('a file with %s is refused with its place', (_what, file, message) => {
  expect(() => parseCampaignFile(JSON.stringify(file), 'x.json')).toThrow(message);
  expect(() => parseCampaignFile('{', 'x.json')).toThrow('x.json is not JSON');
});

test('the published schema is that of the command', () => {
  const published = readFileSync(new URL('../../../campaign.schema.json', import.meta.url), 'utf8');
  expect(
    JSON.parse(published),
    '`npm run --silent sticky-lab -- campaign --schema > apps/sticky-lab/campaign.schema.json && pnpm fmt` writes it',
  ).toEqual(campaignFileSchema());
});
