import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stickyLab } from './probe-run.ts';

const decoder = join(repoRoot, 'packages/probe/test/torture/wrong-decoder.mjs');
const adapter = [process.execPath, '--conditions=@socklab/source', join(repoRoot, 'packages/probe/adapters/node.mjs')];
const layout = join(repoRoot, 'packages/framing/layouts/gt06.json');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'torture-'));
});

afterAll(() => rm(folder, { recursive: true }));

test('a right decoder exits with 0, a wrong one with 1, its bug named and JUnit written', async () => {
  const right = await stickyLab(['torture', '--framing', 'u32be', '--', process.execPath, decoder, 'right']);
  expect([right.code, right.stderr]).toEqual([0, '']);
  expect(right.stdout).toMatch(/^PASS {2}all \d+ trials went well/m);
  const junit = join(folder, 'junit.xml');
  const wrong = await stickyLab(['torture', '--framing', 'u32be', '--junit', junit, '--', process.execPath, decoder, 'header-one-recv']);
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain('likely bug: header-one-recv (certain)');
  expect(await readFile(junit, 'utf8')).toContain('<testsuite name="every-cut"');
});

test('a layout from a file is tried', async () => {
  const tests = ['--tests', 'drip,malformed'];
  const { code, stdout } = await stickyLab(['torture', '--framing', layout, ...tests, '--', ...adapter, await readFile(layout, 'utf8')]);
  expect([code, /^exchange {2}torture \(gt06\)/m.test(stdout)]).toEqual([0, true]);
  expect(stdout).toContain('not tried: lengths, every-cut');
});

test('frames of a file are tried instead of made ones', async () => {
  const frames = join(folder, 'frames.txt');
  await writeFile(frames, '# two pings\nc000\nd000\n');
  const { code, stdout } = await stickyLab(['torture', '--framing', 'mqtt', '--frames', frames, '--', ...adapter, 'mqtt']);
  expect([code, stdout.includes('every-cut')]).toEqual([0, true]);
});

test('a program that cannot be one teaches nothing: exit 4', async () => {
  const { code, stdout } = await stickyLab(['torture', '--framing', 'u32be', '--', 'true']);
  expect([code, stdout.includes('CONTROL-FAILED')]).toEqual([4, true]);
});

test.each([
  [['--framing', 'u32be'], 'give the decoder after --'],
  [['--framing', 'u32be', '--', '/no/such/decoder'], 'cannot be started'],
  [['--framing', 'raw', '--', 'true'], 'keeps no boundaries'],
  [['--framing', 'u32be', '--tests', 'everycut', '--', 'true'], 'allowed: lengths, every-cut'],
  [['--framing', 'u32be', '--only', 'x#1', '--', 'true'], 'has no test "x#1"'],
])('%j is wrong usage', async (args, message) => {
  const { code, stderr } = await stickyLab(['torture', ...args]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test('--corpus prints the tests', async () => {
  const { stdout } = await stickyLab(['torture', '--framing', 'u8', '--corpus']);
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    framing: 'u8',
    streams: expect.any(Array) as unknown[],
    tests: expect.any(Array) as unknown[],
  });
});
