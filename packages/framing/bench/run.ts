// The benchmark: `pnpm --filter @socklab/framing bench`, with --quick, --only 'words' and --profile for development.

import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeLoad } from '@socklab/bench';
import { FULL_ECHO, measureEcho } from './echo/all.ts';
import { echoReport } from './echo/report.ts';
import { FULL, QUICK, measureAll, select } from './matrix.ts';
import { profile } from './profile.ts';
import { commonTargets, missedTargets, withQuote } from './report/quote.ts';
import { report } from './report/report.ts';

const HELP = `bench [--quick] [--only 'words'] [--profile]

  --quick    one short round instead of three, and no sockets; writes no file
  --only     what has all these words: a task, size or chunking (decode 1KiB 1460B-chunks), a part of a contender's name; writes no file
  --profile  runs what --only selects under the profiler and shows the functions that took most time
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const print = (text: string): void => void process.stdout.write(text);
const progress = (text: string): void => void process.stderr.write(text);

const pairings = select(values.only);
if (values.help) print(HELP);
else if (pairings.length === 0) {
  progress(`bench: nothing has all the words '${values.only}'\n`);
  process.exitCode = 2;
} else if (values.profile) await profile(pairings, print);
else await benchmark();

async function benchmark(): Promise<void> {
  const effort = values.quick ? QUICK : FULL;
  // Before the run: afterwards the memory is the benchmark's own.
  const load = describeLoad();
  const results = await measureAll(pairings, effort, progress);
  const isWhole = !values.quick && values.only === '';
  const echo = isWhole ? await measureEcho(FULL_ECHO, progress) : undefined;
  const text = report(results, { load, effort }, echo === undefined ? [] : echoReport(echo));
  print(text);
  if (isWhole) await write(text);
  for (const failure of [...results.failures(), ...(echo?.failures ?? [])]) {
    progress(`bench: ${failure}\n`);
    process.exitCode = 1;
  }
}

/** Writes the report, and anew what is quoted from it. */
async function write(text: string): Promise<void> {
  await writeFile(new URL('RESULTS.md', import.meta.url), text);
  for (const [path, quoted] of [
    ['MISSES.md', missedTargets(text)],
    ['../README.md', commonTargets(text)],
  ] as const) {
    const file = new URL(path, import.meta.url);
    await writeFile(file, withQuote(await readFile(file, 'utf8'), quoted));
  }
}
