import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { CAMPAIGN_MS, isLinux, stickyLab } from './probe-run.ts';

const meters = fileURLToPath(import.meta.resolve('@socklab/framing/layouts/dlt645.json'));
const request = Buffer.from('68123456789000681104333334335616', 'hex');

test.runIf(isLinux)('a layout from a file tells where frames, lengths and payloads are', { timeout: CAMPAIGN_MS }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'probe-layout-'));
  try {
    await using echo = startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0', '--framing', meters, '--accept-rate', 'off'], {
      stdin: 'ignore',
    });
    const { endpoints } = (await echo.log('listening')) as { endpoints: readonly string[] };
    const target = endpoints[0]!.replace('tcp://', '');
    const file = join(folder, 'request.bin');
    await writeFile(file, Buffer.concat([request, request]));
    const plans = ['--plan', 'every-cut+prefix+glue:2', '--pace', 'drain'];
    const { code, stdout, stderr } = await stickyLab(['probe', '--target', target, '--framing', meters, '--request', file, ...plans]);
    expect([stderr, code]).toEqual(['', 0]);
    expect(stdout).toContain('(dlt645): 32 bytes in 2 frames');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('raw, which has no frames, is refused with the framings that have', async () => {
  const { code, stderr } = await stickyLab(['probe', '--target', '127.0.0.1:1', '--framing', 'raw', '--text', 'x']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('the framing raw keeps no boundaries; allowed: line, i32le')]);
});
