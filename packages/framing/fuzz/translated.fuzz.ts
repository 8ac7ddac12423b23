import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { decoderSource } from '../src/translate.ts';
import { cHarness, goHarness, pythonHarness } from '../test/translate/harnesses.ts';
import { randomStreams } from '../test/translate/random-layouts.ts';

/** The same streams again: FUZZ_SEED. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
const LAYOUTS = 60;
const STREAMS = randomStreams(SEED, LAYOUTS, 300);
const layouts = [...new Set(STREAMS.map(({ layout }) => layout))];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover'];
const C_FLAGS = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-Wno-unused-function', '-Wno-unused-but-set-variable', ...SANITIZERS];

/** Feeds all streams to a program, and compares what it finds with what the codecs do. */
function expectSame(command: readonly string[], cwd: string): void {
  const input = STREAMS.map(
    ({ layout, wire, cut, limit }) => `${layout.name!.slice(1)} ${limit} ${cut} ${Buffer.from(wire).toString('hex') || '-'}\n`,
  ).join('');
  const seen = tool(command, cwd, input).trimEnd().split('\n');
  for (const [index, { layout, wire, cut, limit, found }] of STREAMS.entries()) {
    const told = `seed ${SEED}, ${JSON.stringify(layout)}, ${Buffer.from(wire).toString('hex')} cut at ${cut}, limit ${limit}`;
    expect(`${told}: ${seen[index]}`).toBe(`${told}: ${found}`);
  }
}

function tool([command = '', ...parameters]: readonly string[], cwd: string, input = ''): string {
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off' };
  const { stdout, stderr, status } = spawnSync(command, parameters, { cwd, env, input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

test('decoders in Python find what the codecs find', async () => {
  await using folder = await temporaryFolder();
  for (const layout of layouts) writeFileSync(join(folder.path, `${layout.name}.py`), decoderSource(layout, 'python'));
  writeFileSync(join(folder.path, 'main.py'), pythonHarness(LAYOUTS));
  expectSame(['python3', 'main.py'], folder.path);
});

test('decoders in C find what the codecs find', async () => {
  await using folder = await temporaryFolder();
  for (const layout of layouts) writeFileSync(join(folder.path, `${layout.name}.h`), decoderSource(layout, 'c'));
  writeFileSync(join(folder.path, 'main.c'), cHarness(LAYOUTS));
  tool(['gcc', ...C_FLAGS, '-o', 'main', 'main.c'], folder.path);
  expectSame(['./main'], folder.path);
});

test('decoders in Go find what the codecs find', async () => {
  await using folder = await temporaryFolder();
  for (const layout of layouts) {
    mkdirSync(join(folder.path, layout.name!));
    writeFileSync(join(folder.path, layout.name!, 'decoder.go'), decoderSource(layout, 'go'));
  }
  writeFileSync(join(folder.path, 'go.mod'), 'module translated\n\ngo 1.18\n');
  writeFileSync(join(folder.path, 'main.go'), goHarness(LAYOUTS));
  tool(['go', 'build', '-o', 'main', '.'], folder.path);
  expectSame(['./main'], folder.path);
});
