import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot, sourceCommand, startCommand, startProgram } from '@socklab/testkit';
import { DockerfileParser } from 'dockerfile-ast';
import { expect, test } from 'vitest';
import { answersOf, apps, portOf, prefixOf, variablesOf } from './deploy/program-options.ts';
import type { App } from '@socklab/testkit';

const text = readFileSync(join(repoRoot, 'Dockerfile'), 'utf8');
const dockerfile = DockerfileParser.parse(text);
const instructions = dockerfile.getInstructions().map((each) => ({ keyword: each.getKeyword(), text: each.getArgumentsContent() ?? '' }));

/** The texts of one instruction, wherever it stands. */
const all = (keyword: string): readonly string[] => instructions.filter((each) => each.keyword === keyword).map((each) => each.text);

/** The instructions of the stage with a name. */
function stage(name: string): readonly { readonly keyword: string; readonly text: string }[] {
  const start = instructions.findIndex((each) => each.keyword === 'FROM' && each.text.endsWith(` AS ${name}`));
  const end = instructions.findIndex((each, index) => index > start && each.keyword === 'FROM');
  expect(start, `a stage ${name}`).toBeGreaterThanOrEqual(0);
  return instructions.slice(start + 1, end < 0 ? undefined : end);
}

const environmentOf = (app: App): Readonly<Record<string, string>> => {
  const words = stage(`app-${app}`)
    .filter(({ keyword }) => keyword === 'ENV')
    .flatMap((each) => each.text.split(/\s+/));
  return Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
};

test('stands on an image that can be replaced, and ends with the app that was asked for', () => {
  expect(all('ARG')).toContain('NODE_IMAGE=docker.io/library/node:26-slim');
  const bases = all('FROM').map((from) => from.replace(/ AS .*/, ''));
  const outside = bases.filter((base) => !all('FROM').some((from) => from.endsWith(` AS ${base}`)) && base !== 'app-${APP}');
  expect(new Set(outside)).toEqual(new Set(['${NODE_IMAGE}']));
  expect(bases.at(-1)).toBe('app-${APP}');
});

test('runs as nobody, by exec, stopped by SIGTERM, checked by the program of the app', () => {
  const runtime = stage('runtime');
  const one = (keyword: string): string | undefined => runtime.findLast((each) => each.keyword === keyword)?.text;
  expect(one('USER')).toBe('65532:65532');
  expect(one('STOPSIGNAL')).toBe('SIGTERM');
  expect(one('ENTRYPOINT')).toBe('["node", "/app/dist/main.js"]');
  expect(one('HEALTHCHECK')).toContain('CMD ["node", "/app/dist/healthcheck.js"]');
});

test('carries the labels that registries show', () => {
  const labels = [...stage('runtime'), ...stage('app-tcp-echo')].filter(({ keyword }) => keyword === 'LABEL').map((each) => each.text);
  for (const name of ['title', 'description', 'version', 'revision', 'source', 'created', 'licenses']) {
    expect(labels.join(' ')).toContain(`org.opencontainers.image.${name}=`);
  }
});

test('installs what the lockfile says, and runs no install script', () => {
  const installs = all('RUN').filter((run) => run.includes('pnpm install'));
  expect(installs.length).toBe(1);
  expect(installs[0]).toMatch(/--frozen-lockfile --ignore-scripts/);
  const deploys = all('RUN').filter((run) => run.includes(' deploy '));
  expect(deploys.length).toBe(1);
  expect(deploys[0]).toMatch(/--prod --ignore-scripts/);
  const { packageManager } = JSON.parse(readFileSync(join(repoRoot, 'package.json'), 'utf8')) as { packageManager: string };
  expect(text).toContain(`npm install --silent --global ${packageManager}`);
});

test.each(apps)('%s has a stage whose variables it takes and starts with, on the ports that are exposed', async (app) => {
  const environment = environmentOf(app);
  const taken = await variablesOf(app);
  expect(Object.keys(environment).filter((name) => !taken.has(name))).toEqual([]);
  expect(await answersOf(app, environment, ['/readyz'])).toEqual([200]);
  const served = portOf(environment[app === 'sticky-lab' ? 'STICKY_LAB_HTTP' : `${prefixOf(app)}LISTEN`]);
  const exposed = stage(`app-${app}`).find(({ keyword }) => keyword === 'EXPOSE')?.text;
  expect(exposed).toBe(`${served}/${app === 'udp-multi' ? 'udp' : 'tcp'} ${portOf(environment[`${prefixOf(app)}ADMIN`])}/tcp`);
});

test.each(apps)('%s has a health check of its own, which finds it ready, and says when it is not there', async (app) => {
  const variable = `${prefixOf(app)}ADMIN`;
  const check = sourceCommand(join(repoRoot, 'apps', app, 'src', 'healthcheck.ts'));
  const listen = app === 'sticky-lab' ? 'STICKY_LAB_HTTP' : `${prefixOf(app)}LISTEN`;
  await using program = startProgram(app, [], { env: { [listen]: '127.0.0.1:0', [variable]: '127.0.0.1:0' } });
  const { endpoint } = await program.log('admin listening');
  await program.log('listening');
  const address = String(endpoint).replace('tcp://', '');

  await using whileUp = startCommand(check, { env: { [variable]: address } });
  expect(await whileUp.exit()).toMatchObject({ code: 0, stdout: 'ready\n' });

  const others = apps.filter((other) => other !== app);
  for (const other of others) {
    const theirs = sourceCommand(join(repoRoot, 'apps', other, 'src', 'healthcheck.ts'));
    await using asked = startCommand(theirs, { env: { [`${prefixOf(other)}ADMIN`]: address } });
    expect(await asked.exit()).toMatchObject({ code: 1, stdout: `${address}: ${app}, not ${other}, answered 200: ready\n` });
  }

  program.signal('SIGTERM');
  await program.exit();
  await using afterwards = startCommand(check, { env: { [variable]: address } });
  expect(await afterwards.exit()).toMatchObject({ code: 1, stdout: `${variable}: connect ECONNREFUSED ${address}\n` });
});

test('leaves out of the build what a machine made for itself', () => {
  const ignored = readFileSync(join(repoRoot, '.dockerignore'), 'utf8').split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['**/node_modules', '**/dist', '**/.tsbuild', '.git']));
});

test('has no debugger that SIGUSR1 could start, whatever is run in it', () => {
  expect(all('ENV').join(' ')).toContain('NODE_OPTIONS=--disable-sigusr1');
});

test('what the page bundles is a dependency, so that bills of materials, licences and audits have it', () => {
  const sources = globSync('apps/sticky-lab/web/**/*.{ts,tsx}', { cwd: repoRoot }).map((file) =>
    readFileSync(join(repoRoot, file), 'utf8'),
  );
  const imports = sources.flatMap((source) => [...source.matchAll(/from '((?:@[^/']+\/)?[^/'.]+)/g)].map(([, name]) => name!));
  const { dependencies } = JSON.parse(readFileSync(join(repoRoot, 'apps/sticky-lab/package.json'), 'utf8')) as { dependencies: object };
  expect(imports).toContain('preact');
  expect([...new Set(imports)].filter((name) => !(name in dependencies))).toEqual([]);
});
