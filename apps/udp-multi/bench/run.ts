// The benchmark: `pnpm --filter udp-multi bench`, with --quick and --only 'words' for development. Linux.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeLoad, describeMachine, wordsOf } from '@socklab/testkit';
import { contenders } from './contenders.ts';
import { CELLS, FULL, QUICK, describe, measureAll } from './matrix.ts';
import { report } from './report.ts';

const HELP = `bench [--quick] [--only 'words'] [--contenders a,b]

  --quick       one short round instead of three; writes no file
  --only        cells that are all of this: '64 sockets, 512 B, closed', 'fan-out'; writes no file
  --contenders  only these; writes no file
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    contenders: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await benchmark();

async function benchmark(): Promise<void> {
  const isWhole = !values.quick && values.only === '' && values.contenders === '';
  const effort = values.quick ? QUICK : FULL;
  const load = describeLoad();
  const folder = await mkdtemp(join(tmpdir(), 'udp-multi-bench-'));
  try {
    const { echo, fanout, absent } = await contenders(folder);
    const wanted = wordsOf(values.contenders);
    const isWanted = ({ name }: { readonly name: string }): boolean => wanted.length === 0 || wanted.includes(name);
    const parts = wordsOf(values.only);
    const cells = CELLS.filter((cell) => parts.every((part) => describe(cell).split(', ').includes(part)));
    const chosen = { echo: echo.filter(isWanted), fanout: fanout.filter(isWanted) };
    const samples = await measureAll(cells, chosen, effort, (text) => void process.stderr.write(text));
    const text = report(samples, {
      machine: describeMachine(),
      node: process.versions.node,
      command: 'pnpm --filter udp-multi bench',
      load,
      effort,
      absent,
    });
    process.stdout.write(text);
    if (isWhole) await writeFile(new URL('RESULTS.md', import.meta.url), text);
  } finally {
    await rm(folder, { recursive: true });
  }
}
