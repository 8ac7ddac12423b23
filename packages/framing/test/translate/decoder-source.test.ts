import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { decoderSource } from '../../src/translate.ts';
import { cutsOf, translatedLayouts } from './cases.ts';
import { cHarness, goHarness, pythonHarness } from './harnesses.ts';
import type { Case, Translated } from './cases.ts';

const run = promisify(execFile);
const layouts = translatedLayouts();
const isComplete = process.env['SOCKLAB_REQUIRE_PEERS'] === '1';

/** Whether a tool is there; where it is not, the test says so and is passed. With `SOCKLAB_REQUIRE_PEERS=1` it must be there. */
function has(tool: string, argument: string): boolean {
  return isComplete || spawnSync(tool, [argument]).status === 0;
}

/** With sanitizers where time is no matter; the checks of pointers that take most of it find nothing in arrays of bytes that those of addresses do not. */
const C_FLAGS = [
  '-std=c99',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wno-unused-function',
  '-Wno-unused-but-set-variable',
  ...(isComplete
    ? ['-fsanitize=address,undefined', '-fno-sanitize=alignment,null,pointer-overflow,object-size', '-fno-sanitize-recover']
    : []),
];

/** A stream, where it is cut first, and the limit: a line for the harness. */
function inputOf(): string {
  return layouts
    .flatMap(({ cases }, index) =>
      cases.flatMap((each) =>
        cutsOf(each).map((cut) => `${index} ${each.maxPayloadBytes} ${cut} ${Buffer.from(each.wire).toString('hex') || '-'}\n`),
      ),
    )
    .join('');
}

function expectedOf(): readonly string[] {
  return layouts.flatMap(({ cases }) =>
    cases.flatMap((each) => cutsOf(each).map(() => [...each.payloads.map((hex) => hex || '-'), each.outcome].join(' '))),
  );
}

/** Which layout, stream and cut each line is about. */
function titles(): readonly (readonly [Translated, Case, number])[] {
  return layouts.flatMap((each) => each.cases.flatMap((stream) => cutsOf(stream).map((cut) => [each, stream, cut] as const)));
}

function expectSame(output: string): void {
  const seen = output.trimEnd().split('\n');
  const expected = expectedOf();
  const wrong = expected.findIndex((line, index) => line !== seen[index]);
  if (wrong >= 0) {
    const [{ layout }, { wire, maxPayloadBytes }, cut] = titles()[wrong]!;
    expect(`${layout.name} ${Buffer.from(wire).toString('hex')} limit ${maxPayloadBytes} cut ${cut}: ${seen[wrong]}`).toBe(expected[wrong]);
  }
  expect(seen.length).toBe(expected.length);
  expect(seen.length).toBeGreaterThan(10_000);
}

function fed(command: string, parameters: readonly string[], cwd: string): string {
  const { stdout, stderr, status } = spawnSync(command, parameters, { cwd, input: inputOf(), encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

describe('decoders in other languages find the same payloads and the same faults, in every stream at every cut', () => {
  test.runIf(has('python3', '--version'))('Python', async () => {
    await using folder = await temporaryFolder();
    await Promise.all(layouts.map(({ layout }, index) => writeFile(join(folder.path, `d${index}.py`), decoderSource(layout, 'python'))));
    await writeFile(join(folder.path, 'main.py'), pythonHarness(layouts.length));
    expectSame(fed('python3', ['main.py'], folder.path));
  });

  test.runIf(has('gcc', '--version'))('C', async () => {
    await using folder = await temporaryFolder();
    const named = layouts.map(({ layout }, index) => ({ ...layout, name: `d${index}` }));
    await Promise.all(named.map((layout) => writeFile(join(folder.path, `${layout.name}.h`), decoderSource(layout, 'c'))));
    await writeFile(join(folder.path, 'main.c'), cHarness(layouts.length));
    await run('gcc', [...C_FLAGS, '-o', 'main', 'main.c'], { cwd: folder.path });
    expectSame(fed('./main', [], folder.path));
  });

  test.runIf(has('go', 'version'))('Go', async () => {
    await using folder = await temporaryFolder();
    for (const [index, { layout }] of layouts.entries()) {
      await mkdir(join(folder.path, `d${index}`));
      await writeFile(join(folder.path, `d${index}`, 'decoder.go'), decoderSource({ ...layout, name: `d${index}` }, 'go'));
    }
    await writeFile(join(folder.path, 'go.mod'), 'module translated\n\ngo 1.18\n');
    await writeFile(join(folder.path, 'main.go'), goHarness(layouts.length));
    await run('go', ['build', '-o', 'main', '.'], { cwd: folder.path, env: { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off' } });
    expectSame(fed('./main', [], folder.path));
  });
});
