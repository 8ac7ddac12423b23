import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { repoRoot, temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { CAMPAIGN_MS, isLinux, lineServer, udpGalleryServer } from './probe-run.ts';

interface Action {
  readonly runs: { readonly steps: readonly { readonly run?: string; readonly env?: Record<string, string> }[] };
}

test.runIf(isLinux)(
  'the action for GitHub annotates, adds a summary and leaves a page of each report',
  { timeout: CAMPAIGN_MS },
  async () => {
    await using folder = await temporaryFolder();
    await using server = await lineServer();
    using datagrams = await udpGalleryServer('udp-echo');
    const { runs } = parse(await readFile(join(repoRoot, '.github/actions/probe/action.yml'), 'utf8')) as Action;
    const campaigns = [
      { name: 'a | <b> ![](x)', target: server.target, request: String.raw`text:hello\n`, plan: 'at:2' },
      { name: 'mended', target: server.target, request: String.raw`text:hello\n`, plan: 'at:2', expected: 'fail', reason: 'an old bug' },
      { name: 'udp', transport: 'udp', target: datagrams.target, request: 'text:hello', plan: 'double', silence: '50ms' },
    ];
    await writeFile(join(folder.path, 'socklab.probe.json'), JSON.stringify({ campaigns }));
    // What npx would fetch, from here: its first words are options and the name of the program.
    const npx = `#!/bin/sh\nshift 4\nexec '${process.execPath}' --conditions=@socklab/source '${join(repoRoot, 'apps/sticky-lab/src/probe-main.ts')}' "$@"\n`;
    await writeFile(join(folder.path, 'npx'), npx);
    await chmod(join(folder.path, 'npx'), 0o755);
    const reports = join(folder.path, 'reports');
    const summary = join(folder.path, 'summary.md');
    const env = { FILE: 'socklab.probe.json', VERSION: 'latest', REPORTS: reports, GITHUB_STEP_SUMMARY: summary };
    expect(Object.keys(runs.steps[0]?.env ?? {}).toSorted()).toEqual(['FILE', 'REPORTS', 'VERSION']);
    const child = spawn('bash', ['-e', '-c', runs.steps[0]!.run!], {
      cwd: folder.path,
      env: { ...process.env, ...env, PATH: `${folder.path}${delimiter}${process.env['PATH']}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    expect({ code, stderr: stderr.replaceAll(/.*\r/g, '') }).toMatchObject({ code: 1 });
    expect(stdout).toContain('::error title=mended::');
    expect(await readdir(reports)).toEqual(['1-a-b-x-.html', '2-mended.html', '3-udp.html']);
    const table = await readFile(summary, 'utf8');
    expect(table).toContain('| ok | a &#124; &#60;b&#62; &#33;&#91;&#93;(x) |');
    expect(table).toContain('| **not as expected** | mended |');
    expect(table).toContain('| ok | udp |');
  },
);
