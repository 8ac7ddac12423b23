import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCapture } from '@socklab/service/capture';
import { programCommand, repoRoot, sourceCommand, startCommand, temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import type { LabReport } from '@socklab/lab';

/** A network of its own: no other test's traffic passes there. Others send one datagram after the other meanwhile. */
const ALONE = `ip link set lo up
(while :; do echo somebody else >/dev/udp/127.0.0.1/9; sleep 0.01; done) & others=$!
"$@"; code=$?; kill $others; exit $code`;
const alone = (command: readonly string[]): readonly string[] => ['unshare', '-n', 'bash', '-c', ALONE, 'bash', ...command];
const [unshare = '', ...canCapture] = alone(['tcpdump', '-i', 'lo', '-p', '-L']);
const mayCapture = process.platform === 'linux' && spawnSync(unshare, canCapture).status === 0;
const hasTshark = process.env['SOCKLAB_REQUIRE_PEERS'] === '1' || spawnSync('tshark', ['--version']).status === 0;
const cwd = `${repoRoot}/apps/sticky-lab`;

test.runIf(mayCapture)('demo --pcapng keeps the packets of its runs, and of nobody else', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/run.pcapng`;
  const started = Date.now();
  const args = ['demo', 'two-sends-merge', 'tcp-connects-first', '--json', '--pcapng', path];
  await using program = startCommand(alone(programCommand('sticky-lab', args)), { cwd, stdin: 'ignore' });
  const { code, stdout, stderr } = await program.exit();
  expect([code, stderr]).toEqual([0, '']);
  expect(statSync(path).mode & 0o77).toBe(0);
  const file = readFileSync(path);
  expect(file.includes('somebody else')).toBe(false);
  const { streams, isTorn } = readCapture(file);
  expect(isTorn).toBe(false);
  const sent = streams.flatMap(({ events }) => events.map(({ bytes }) => Buffer.from(bytes ?? []).toString('hex')).join(''));
  for (const { flows } of (JSON.parse(stdout) as LabReport).experiments)
    for (const { hex, transport } of flows) expect(transport === 'udp' ? file.toString('hex') : sent.join(' ')).toContain(hex);
  for (const { startedAt } of streams) {
    expect(startedAt).toBeGreaterThanOrEqual(started);
    expect(startedAt).toBeLessThanOrEqual(Date.now());
  }
  if (hasTshark) expect(tshark(path)).toEqual({ packets: expect.any(Number) as number, faults: [], unreachable: 1 });
});

/** What Wireshark thinks of a file. */
function tshark(path: string): { readonly packets: number; readonly faults: readonly string[]; readonly unreachable: number } {
  const lines = (filter: string): readonly string[] => {
    const { stdout, status } = spawnSync('tshark', ['-r', path, '-Y', filter], { encoding: 'utf8' });
    expect(status).toBe(0);
    return stdout.split('\n').filter((line) => line !== '');
  };
  const faults = lines('_ws.malformed || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment || !ip.addr == 127.0.0.1');
  return { packets: lines('ip').length, faults, unreachable: lines('icmp.type == 3').length };
}

test('after a Ctrl-C the file is whole and has what passed', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/run.pcapng`;
  const fixture = fileURLToPath(new URL('../fixtures/endless-lab.ts', import.meta.url));
  // Without a PATH there is no tcpdump.
  await using program = startCommand(sourceCommand(fixture, ['demo', '--pcapng', path]), { stdin: 'ignore', env: { PATH: '' } });
  await program.waitFor(/^sent$/m);
  program.signal('SIGINT');
  const { code, stderr } = await program.exit();
  expect(code).toBe(130);
  expect(stderr).toContain(`--pcapng ${path}: there is no tcpdump here: it has what the programs wrote`);
  expect(stderr).toContain(`interrupted: what passed until then is in ${path}\n`);
  const file = readFileSync(path);
  const { packets, isTorn } = readCapture(file);
  expect([packets, isTorn, file.includes('the last words')]).toEqual([1, false, true]);
});

test('--list keeps no packets, and says so', async () => {
  await using program = startCommand(programCommand('sticky-lab', ['demo', '--list', '--pcapng', 'run.pcapng']), { cwd, stdin: 'ignore' });
  const { code, stdout, stderr } = await program.exit();
  expect([code, stdout, stderr]).toEqual([2, '', 'sticky-lab: --pcapng keeps the packets of runs, and --list runs nothing\n']);
});
