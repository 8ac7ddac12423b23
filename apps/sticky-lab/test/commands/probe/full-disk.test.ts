import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programCommand, startCommand, temporaryFolder } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { CAMPAIGN_MS, isLinux, lineServer, startStickyLab, stickyLab } from './probe-run.ts';

const timeout = CAMPAIGN_MS;
const REQUEST = ['--request', String.raw`text:abcdefgh\n`, '--plan', 'every-pair'];

describe.runIf(isLinux && existsSync('/dev/full'))('where nothing more can be written', () => {
  test('a report is printed, and a file that cannot have it is named', { timeout }, async () => {
    await using server = await lineServer();
    const { code, stdout, stderr } = await stickyLab(['probe', '--target', server.target, ...REQUEST, '--junit', '/dev/full']);
    expect(stdout).toMatch(/\nPASS /);
    expect(stderr).toBe('sticky-lab: --junit /dev/full cannot be written: ENOSPC\n');
    expect(code).toBe(1);
  });

  test('a campaign ends with one line, and goes on from its journal later', { timeout }, async () => {
    await using server = await lineServer();
    await using folder = await temporaryFolder();
    const journal = join(folder.path, 'journal.jsonl');
    const command = programCommand('sticky-lab', ['probe', '--target', server.target, ...REQUEST, '--resume', journal]);
    // A shell counts the limit of a file in units of 512 bytes or of 1 KiB.
    await using limited = startCommand(['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh', ...command], { deadlineMs: CAMPAIGN_MS });
    const { code, stdout, stderr } = await limited.exit();
    expect(stderr).toMatch(/^sticky-lab: the journal \S+ cannot be written: EFBIG \(PROBE_ERR_JOURNAL\)\n$/);
    expect(stdout).toBe('');
    expect(code).toBe(1);
    const lines = readFileSync(journal, 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toHaveLength(lines.length);
    await using again = startCommand(command, { deadlineMs: CAMPAIGN_MS });
    await expect(again.exit()).resolves.toMatchObject({ code: 0, stdout: expect.stringMatching(/\nPASS /) });
  });

  test('a recording ends, and names its file', { timeout }, async () => {
    await using server = await lineServer();
    await using recorder = startStickyLab(['record', '--target', server.target, '--out', '/dev/full']);
    const { code, stderr } = await recorder.exit();
    expect(stderr).toBe('sticky-lab: --out /dev/full cannot be written: ENOSPC\n');
    expect(code).toBe(1);
  });
});
