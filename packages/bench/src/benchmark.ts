import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeLoad } from './machine.ts';

/** The command line of a benchmark. */
export interface BenchmarkArguments {
  /** One short round. */
  readonly isQuick: boolean;
  /** The words of `--only`, between commas; empty: everything. */
  readonly only: readonly string[];
  /** The names of `--contenders`; empty: all of them. */
  readonly contenders: readonly string[];
  /** A folder for compiled programs, removed afterwards. */
  readonly folder: string;
  /** The load average before the run. */
  readonly load: string;
}

/** A benchmark as a command. */
export interface Benchmark {
  /** The text of `--help`, after the usage line. */
  readonly help: string;
  /** The file for the report of a complete run: one without `--quick`, `--only` and `--contenders`. */
  readonly results: URL;
  /** Runs the measurements; returns the report, as Markdown. */
  readonly run: (args: BenchmarkArguments) => Promise<string>;
}

/** Reads `--quick`, `--only` and `--contenders`, runs the benchmark, and prints its report. */
export async function runBenchmark({ help, results, run }: Benchmark): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      contenders: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const load = describeLoad();
  const folder = await mkdtemp(join(tmpdir(), 'socklab-bench-'));
  try {
    const { quick: isQuick, only, contenders } = values;
    const text = await run({ isQuick, only: wordsOf(only), contenders: wordsOf(contenders), folder, load });
    process.stdout.write(text);
    if (!isQuick && only === '' && contenders === '') await writeFile(results, text);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function wordsOf(list: string): readonly string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
