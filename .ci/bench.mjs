// Whether a change makes framing slower:   node .ci/bench.mjs [BASE]      (default: origin/main)
// Builds the framing of BASE in a folder of its own, measures it and this tree in turns with the benchmark of this tree, and prints a table.
// Only the ratios count. Exit 1 when something costs more than 1.5 times what it did, however often it is measured again.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const WORST_RATIO = 1.5;
const ROUNDS = 5;
const RETRIES = 3;
const LIMIT_MS = 60_000;
/** What is measured: a contender in its cells, `size/chunking`. */
const MEASURED = {
  'ours-auto': [
    '128B/64KiB-chunks',
    '1KiB/64KiB-chunks',
    '128B/1460B-chunks',
    '1KiB/1460B-chunks',
    '64KiB/1460B-chunks',
    'mixed/1B-chunks',
  ],
  'ours-cursor': ['16B/64KiB-chunks', '1KiB/64KiB-chunks', '1KiB/1460B-chunks'],
  'ours-loop': ['128B/64KiB-chunks'],
  'ours-async-loop': ['128B/64KiB-chunks', '1KiB/1460B-chunks'],
  'line-ours-auto': ['128B/64KiB-chunks', '1KiB/1460B-chunks'],
  'encode-ours-each': ['16B/encode', '1KiB/encode', '64KiB/encode'],
  'encode-ours-owned': ['1KiB/encode'],
};

const base = process.argv[2] ?? 'origin/main';
const root = resolve(import.meta.dirname, '..');
const framing = join(root, 'packages/framing');
const tsc = join(framing, 'node_modules/typescript/bin/tsc');
const { framesOf } = await import(pathToFileURL(join(framing, 'bench/cells.ts')).href);
const { cellByName } = await import(pathToFileURL(join(framing, 'bench/job.ts')).href);
const folder = mkdtempSync(join(tmpdir(), 'framing-bench-'));
try {
  const commit = git('rev-parse', '--short', base).trim();
  const builds = { base: useBuild('base', buildOf(commit)), here: useBuild('here', buildHere()) };
  const rows = Object.entries(MEASURED).flatMap(([contender, cells]) => cells.map((cell) => compared(contender, cell, builds)));
  print(`Processor time a frame, best of ${ROUNDS}, this tree against ${commit}:\n\n`);
  print(
    table(
      ['contender', 'cell', 'base', 'here', 'ratio'],
      rows.map(({ cells }) => cells),
    ),
  );
  const slower = rows.filter(({ ratio }) => ratio > WORST_RATIO);
  if (slower.length > 0) throw new Error(`${slower.length} of ${rows.length} cost more than ${WORST_RATIO} times as much as at ${commit}`);
} catch (error) {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** @returns where the package at `commit` is now built. */
function buildOf(commit) {
  const there = join(folder, 'packages/framing');
  mkdirSync(there, { recursive: true });
  const archive = execFileSync('git', ['archive', commit, 'tsconfig.base.json', 'packages/framing'], { cwd: root, maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  symlinkSync(join(framing, 'node_modules'), join(there, 'node_modules'));
  run([tsc, '-p', join(there, 'src'), '--noCheck']);
  return join(there, 'dist');
}

function buildHere() {
  run([tsc, '-b', 'src']);
  return join(framing, 'dist');
}

/** @returns options of Node.js that put that build in the place of the package, for both in the same way. */
function useBuild(name, dist) {
  const hooks = join(folder, `${name}.mjs`);
  const url = JSON.stringify(pathToFileURL(join(dist, 'index.js')).href);
  const resolved = `specifier === '@socklab/framing' ? { url: ${url}, shortCircuit: true } : next(specifier, context)`;
  writeFileSync(
    hooks,
    `import { registerHooks } from 'node:module';\nregisterHooks({ resolve: (specifier, context, next) => (${resolved}) });\n`,
  );
  return ['--import', hooks];
}

function compared(contender, cell, builds) {
  const pair = measured(contender, cell, builds);
  // A busy machine can do that.
  for (let again = 0; again < RETRIES && pair.here / pair.base > WORST_RATIO; again++) {
    const { base: itsBase, here } = measured(contender, cell, builds);
    Object.assign(pair, { base: Math.min(pair.base, itsBase), here: Math.min(pair.here, here) });
  }
  const ratio = pair.here / pair.base;
  return { ratio, cells: [contender, cell, pair.base.toPrecision(3), pair.here.toPrecision(3), `${ratio.toFixed(2)} ×`] };
}

/** Nanoseconds a frame, the best of some processes each, in turns. */
function measured(contender, cell, builds) {
  const name = `${contender.startsWith('encode') ? 'encode' : contender.startsWith('line') ? 'lines' : 'decode'}/${cell}`;
  const frames = framesOf(cellByName(name));
  const job = JSON.stringify({ contender, cell: name, frames, mode: 'time', warmUpMs: 100, measureMs: 120 });
  const seen = { base: [], here: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [side, options] of Object.entries(builds)) {
      const output = run(['--expose-gc', ...options, 'bench/measure.ts', job]);
      seen[side].push(JSON.parse(output).nsPerFrame);
    }
  }
  return { base: Math.min(...seen.base), here: Math.min(...seen.here) };
}

function table(header, rows) {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((cells) => cells[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |\n`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('');
}

function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' });
}

/** Runs Node.js in the package. */
function run(args) {
  return execFileSync(process.execPath, args, { cwd: framing, encoding: 'utf8', timeout: LIMIT_MS });
}

function print(text) {
  process.stdout.write(text);
}
