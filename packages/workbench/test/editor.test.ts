import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot, startCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';

interface Launch {
  readonly name: string;
  readonly cwd?: string;
  readonly program?: string;
  readonly runtimeExecutable?: string;
  readonly runtimeArgs?: readonly string[];
  readonly args?: readonly string[];
}

const text = readFileSync(join(repoRoot, '.vscode/launch.json'), 'utf8');
// Comments stand on lines of their own.
const { configurations } = JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, '')) as { configurations: readonly Launch[] };
const inPlace = (path: string): string => path.replace('${workspaceFolder}', repoRoot);

test('each program that the editor launches is there', () => {
  const programs = configurations.flatMap(({ program = [] }) => program).map(inPlace);
  expect(programs.length).toBe(4);
  expect(programs.filter((program) => !existsSync(program))).toEqual([]);
});

test.each(configurations.filter(({ program }) => program?.endsWith('main.ts')))(
  '$name starts with the words that the editor gives it',
  async ({ name, cwd, program, runtimeExecutable, runtimeArgs = [], args = [] }) => {
    const command = [inPlace(runtimeExecutable!), ...runtimeArgs, inPlace(program!), ...args];
    const listen = name === 'sticky-lab' ? ['--http', '127.0.0.1:0'] : ['--listen', '127.0.0.1:0'];
    await using service = startCommand([...command, ...listen], { cwd: inPlace(cwd!) });
    await service.log('listening');
  },
);
