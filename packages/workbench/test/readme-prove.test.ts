import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot, startCommand, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';

const read = (file: string): string => readFileSync(join(repoRoot, file), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** The request and the output under the heading, of which `…` stands for what is left out. */
function shown(file: string): { readonly request: string; readonly lines: readonly string[] } {
  const [, request = '', output = ''] =
    /sticky-lab -- probe --target 127\.0\.0\.1:7100 --request "([^"]+)"\n```\n\n```\n(.*?)```/s.exec(read(file)) ?? [];
  return {
    request,
    lines: output
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '…'),
  };
}

test.runIf(process.platform === 'linux')(
  'what the READMEs say of a broken server is what the probe prints of the one that `practice` starts',
  async () => {
    const [, server = ''] = / (packages\/\S+\.ts) 7100$/.exec(scripts['practice']!) ?? [];
    await using broken = startCommand([process.execPath, join(repoRoot, server)]);
    const target = `127.0.0.1:${await broken.line(/^\d+$/)}`;
    const english = shown('README.md');
    await using probe = startProgram('sticky-lab', ['probe', '--target', target, '--request', english.request]);
    const { stdout, code } = await probe.exit();
    const printed = stdout.split('\n');
    expect(english.lines.length).toBeGreaterThan(5);
    expect(printed.filter((line) => english.lines.includes(line))).toEqual(english.lines);
    expect(shown('README.zh-CN.md')).toEqual(english);
    expect(code).toBe(1);
  },
);
