import { join } from 'node:path';
import { freePort, repoRoot, sourceCommand, startCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { CAMPAIGN_MS, galleryServer, isLinux } from './probe-run.ts';
import type { ProgramExit } from '@socklab/testkit';

test.runIf(isLinux)('what socklab-probe says to run again is a command of its own', { timeout: CAMPAIGN_MS }, async () => {
  await using server = await galleryServer('crlf-per-chunk');
  const words = ['--target', server.target, '--request', String.raw`text:hello\r\n`, '--plan', 'at:6', '--hang', '1s', '--json'];
  const { stdout, code } = await socklabProbe(words);
  const { cases } = JSON.parse(stdout) as { readonly cases: readonly { readonly replay: string }[] };
  expect(code).toBe(1);
  expect(cases.map(({ replay }) => replay)).toEqual([
    expect.stringMatching(String.raw`^socklab-probe probe --target ${server.target} .* --plan at:6$`),
  ]);
});

test('its errors begin with its name', async () => {
  const { stderr, code } = await socklabProbe(['--target', `127.0.0.1:${await freePort()}`, '--request', 'text:hello']);
  expect(stderr).toMatch(/^socklab-probe: .*\(PROBE_ERR_CONNECT\)$/m);
  expect(code).toBe(4);
});

async function socklabProbe(words: readonly string[]): Promise<ProgramExit> {
  await using running = startCommand(sourceCommand(join(repoRoot, 'apps/sticky-lab/src/probe-main.ts'), words), {
    stdin: 'ignore',
    deadlineMs: CAMPAIGN_MS,
  });
  return await running.exit();
}
