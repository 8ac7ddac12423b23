import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keys, startProgramTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { progressLine } from '../../../src/commands/probe/progress-line.ts';
import { CAMPAIGN_MS, isLinux, lineServer } from './probe-run.ts';
import type { ProbeProgress } from '@socklab/probe';

const progress: ProbeProgress = {
  phase: 'trials',
  done: 120,
  total: 4095,
  totals: { pass: 118, fail: 2, unconfirmed: 0, flaky: 0 },
  elapsedMs: 1000,
  perSecond: 123.4,
  leftMs: 33_125,
};

test.each([
  [{ phase: 'control', done: 0, total: 0 }, 'control: the exchange unsplit, three times'],
  [{}, '120 of 4095 trials: 118 pass, 2 fail; 123/s, 34 s left'],
  [{ leftMs: undefined }, '120 of 4095 trials: 118 pass, 2 fail; 123/s'],
  [{ perSecond: 1.25 }, '120 of 4095 trials: 118 pass, 2 fail; 1.3/s, 34 s left'],
  [{ perSecond: undefined, leftMs: undefined }, '120 of 4095 trials: 118 pass, 2 fail'],
  [{ leftMs: 600_000 }, '120 of 4095 trials: 118 pass, 2 fail; 123/s, 10 min left'],
  [{ leftMs: 8 * 3_600_000 }, '120 of 4095 trials: 118 pass, 2 fail; 123/s, 8 h left'],
  [{ phase: 'shrink' }, '120 of 4095 trials: 118 pass, 2 fail; looking for the smallest cuts that fail'],
] as const)('progress %j is one line', (differs, line) => {
  expect(progressLine({ ...progress, ...differs })).toBe(line);
});

test.skipIf(!isLinux || !terminalAvailable())(
  'in a terminal the line shows how far it is, gives way to the report, and Ctrl-C ends it',
  { timeout: CAMPAIGN_MS },
  async () => {
    await using server = await lineServer();
    const folder = mkdtempSync(join(tmpdir(), 'sticky-lab-terminal-'));
    const request = `text:${'x'.repeat(60)}\\n`;
    const where = ['probe', '--target', server.target, '--request', request, '--plan', 'every-cut'];
    const args = [...where, '--max-rate', '20/s', '--concurrency', '1'];
    await using terminal = startProgramTerminal('sticky-lab', args, { deadlineMs: CAMPAIGN_MS, env: { TMPDIR: folder } });
    await terminal.waitFor(/\d+ of 60 trials: \d+ pass; [\d.]+\/s, \d+ s left/);
    terminal.write(keys.ctrlC);
    const { code, screen } = await terminal.exit();
    rmSync(folder, { recursive: true });
    expect(screen).not.toContain('s left');
    expect(screen).toMatch(/interrupted after \d+ of 60 trials/);
    expect(code).toBe(3);
  },
);
