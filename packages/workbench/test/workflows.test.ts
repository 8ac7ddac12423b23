import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Job {
  readonly needs?: string;
  readonly uses?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly defaults?: { readonly run: { readonly shell: string } };
  readonly strategy?: { readonly matrix: { readonly os?: readonly string[] } };
  readonly steps?: readonly { readonly run?: string; readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}

const read = (name: string): string => readFileSync(join(repoRoot, '.github/workflows', `${name}.yml`), 'utf8');
const jobsOf = (name: string): Readonly<Record<string, Job>> => (parse(read(name)) as { jobs: Record<string, Job> }).jobs;
const NAMES = ['ci', 'release'];

test.each(NAMES)('%s names each action by the commit that it is, and its version', (name) => {
  const uses = [...read(name).matchAll(/uses: (.*)$/gm)].map(([, action]) => action!).filter((action) => !action.startsWith('./'));
  expect(uses.length).toBeGreaterThan(3);
  for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/);
});

test.each(NAMES)('each job of %s has a limit, and no more than it may', (name) => {
  expect((parse(read(name)) as { permissions: object }).permissions).toEqual({ contents: 'read' });
  for (const [job, { uses, 'timeout-minutes': limit }] of Object.entries(jobsOf(name)))
    if (uses === undefined) expect(limit, job).toBeGreaterThan(0);
});

test('a release checks its address, then everything, before it publishes', () => {
  const { address, check, packages, images } = jobsOf('release');
  expect(address!.steps![0]!.run).toContain('SOCKLAB_REPOSITORY');
  expect([check!.needs, packages!.needs, images!.needs]).toEqual(['address', 'check', 'check']);
  expect(check!.uses).toBe('./.github/workflows/ci.yml');
});

test('a release does what SECURITY.md says of it', () => {
  const security = readFileSync(join(repoRoot, 'SECURITY.md'), 'utf8');
  const { packages, images } = jobsOf('release');
  const publish = readFileSync(join(repoRoot, 'packages/workbench/publish/publish.mjs'), 'utf8');
  expect(security).toContain('npm publish --provenance');
  expect(publish).toContain("'--provenance'");
  expect(packages!.permissions).toHaveProperty('id-token', 'write');
  expect(security).toContain('a bill of materials and the provenance');
  const build = images!.steps!.find(({ uses }) => uses?.startsWith('docker/build-push-action'))!.with!;
  expect(build).toMatchObject({ push: true, sbom: true, provenance: 'mode=max' });
  for (const label of ['VERSION', 'REVISION', 'CREATED', 'SOURCE']) expect(build['build-args']).toMatch(new RegExp(`^${label}=`, 'm'));
});

test('every Node.js that the README names starts in CI, on every system', () => {
  const start = parse(read('ci')) as { jobs: { start: { strategy: { matrix: { os: string[]; node: number[] } } } } };
  expect(start.jobs.start.strategy.matrix.node).toEqual([20, 22, 24, 26]);
  expect(start.jobs.start.strategy.matrix.os.map((os) => os.split('-')[0])).toEqual(['ubuntu', 'macos', 'windows']);
});

test('a command with an @ runs in bash where Windows runs it too', () => {
  const onWindows = Object.entries(jobsOf('ci')).filter(([, { strategy }]) => strategy?.matrix.os?.some((os) => os.startsWith('windows')));
  expect(onWindows.length).toBeGreaterThan(1);
  const inDefaultShell = onWindows.filter(
    ([, { defaults, steps = [] }]) => defaults === undefined && steps.some(({ run }) => run?.includes('@')),
  );
  expect(inDefaultShell.map(([name]) => name)).toEqual([]);
});
