// The benchmark: `pnpm --filter tcp-echo bench`, with --quick and --only 'words' for development. Linux.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeLoad, describeMachine, wordsOf } from '@socklab/testkit';
import { contenders } from './contenders.ts';
import { idleBytesPerConnection } from './idle.ts';
import { CELLS, FULL, QUICK, describe, measureAll } from './matrix.ts';
import { report } from './report.ts';

const HELP = `bench [--quick] [--only 'words'] [--contenders a,b]

  --quick       one short round instead of five; writes no file
  --only        cells that are all of this: '64 connections, 1024 B, depth 32'; writes no file
  --contenders  only these; writes no file
`;

const IDLE_CONNECTIONS = 10_000;

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
  const folder = await mkdtemp(join(tmpdir(), 'tcp-echo-bench-'));
  try {
    const { present, absent } = await contenders(folder);
    const wanted = wordsOf(values.contenders);
    const chosen = wanted.length === 0 ? present : present.filter(({ name }) => wanted.includes(name));
    const parts = wordsOf(values.only);
    const cells = CELLS.filter((cell) => parts.every((part) => describe(cell).split(', ').includes(part)));
    const samples = await measureAll(cells, chosen, effort, (text) => void process.stderr.write(text));
    const idle = new Map<string, number>();
    if (parts.length === 0) {
      for (const contender of chosen.filter(({ framing }) => framing === 'raw')) {
        idle.set(contender.name, await idleBytesPerConnection(contender, IDLE_CONNECTIONS));
      }
    }
    const text = report(
      { samples, idle, contenders: chosen, absent },
      {
        machine: describeMachine(),
        node: process.versions.node,
        command: 'pnpm --filter tcp-echo bench',
        load,
        effort,
        idleConnections: IDLE_CONNECTIONS,
      },
    );
    process.stdout.write(text);
    if (isWhole) await writeFile(new URL('RESULTS.md', import.meta.url), text);
  } finally {
    await rm(folder, { recursive: true });
  }
}
