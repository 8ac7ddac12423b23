import { once } from 'node:events';
import { cpSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundUdp, repoRoot, startCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';

// These run on whatever Node.js there is, so they are JavaScript without types.
const load = (name: string): Promise<unknown> => import(new URL(`../start/${name}.mjs`, import.meta.url).href);
const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  startCommand([process.execPath, join(repoRoot, 'packages/workbench/start/start.mjs'), ...args], { env });

test.each([
  ['18.20.8', true],
  ['20.11.1', false],
  ['26.10.0', false],
])('Node.js %s is too old to start with: %j', async (version, isTooOld) => {
  const { tooOld } = (await load('versions')) as { tooOld: (version: string) => string | undefined };
  expect(tooOld(version)).toEqual(isTooOld ? expect.stringMatching(/^[^\n]*needs Node.js 20 or newer[^\n]*18\.20\.8[^\n]*$/) : undefined);
});

test.each([
  [{}, 'en'],
  [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'en'],
])('with %j it speaks %s, unless --lang says otherwise', async (env, language) => {
  const { readFlags } = (await load('flags')) as { readFlags: (words: readonly string[], env: object) => { language: string } };
  expect(readFlags([], env).language).toBe(language);
  expect(readFlags(['--lang', 'zh'], env).language).toBe('zh');
  expect(readFlags(['--lang=en'], env).language).toBe('en');
});

test('npm install says what to run instead, before it asks a registry or writes anything', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'socklab-npm-'));
  try {
    cpSync(join(repoRoot, 'package.json'), join(folder, 'package.json'));
    const env = { npm_config_cache: join(folder, 'cache'), npm_config_registry: 'http://127.0.0.1:1', npm_config_update_notifier: 'false' };
    const { code, stderr } = await startCommand(['npm', 'install'], { cwd: folder, env }).exit();
    expect(code).not.toBe(0);
    expect(stderr.split('\n').filter((line) => line.includes('Unsupported'))).toEqual([
      expect.stringMatching(/^npm \S+ Unsupported URL Type "catalog:": catalog:run-npm-start-instead$/),
    ]);
    expect(readdirSync(folder).toSorted()).toEqual(['cache', 'package.json']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an option that is none is one line, exit 2', async () => {
  const { code, stdout, stderr } = await start(['--prot', '1']).exit();
  expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, stdout: '', lines: 1 });
  expect(stderr).toContain('"--prot" is not an option');
});

test('an address that was asked for and is taken is told before anything is installed, exit 69', async () => {
  await using occupant = await boundUdp();
  const { code, stdout, stderr } = await start([], { UDP_MULTI_LISTEN: `udp://127.0.0.1:${occupant.port}` }).exit();
  expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
  expect(stderr).toContain(`127.0.0.1:${occupant.port}/udp, which UDP_MULTI_LISTEN asks for, is taken`);
});

test('a port that nobody asked for gives way to the next free one, and that is said', async () => {
  const { findPorts } = (await load('ports')) as {
    findPorts: (options: object) => Promise<{ variables: Record<string, string>; lines: readonly string[] }>;
  };
  const occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  const { port } = occupant.address() as { port: number };
  const place = {
    app: 'tcp-echo',
    transport: 'tcp',
    port,
    variable: 'TCP_ECHO_LISTEN',
    address: (free: number) => `tcp://127.0.0.1:${free}`,
  };
  const words = { moved: (...told: readonly unknown[]) => told.join(' ') };
  const { variables, lines } = await findPorts({ env: {}, words, places: [place] });
  occupant.close();
  const moved = Number(/:(\d+)$/.exec(variables['TCP_ECHO_LISTEN']!)![1]);
  expect(moved).toBeGreaterThan(port);
  expect(lines).toEqual([`tcp-echo ${port}/tcp ${moved}`]);
});

test.each([
  ['/usr/lib/node_modules/npm/bin/npm-cli.js', [process.execPath, '/usr/lib/node_modules/npm/bin/npm-cli.js', 'exec']],
  ['/home/me/.npm/_npx/1/node_modules/pnpm/pnpm', ['/home/me/.npm/_npx/1/node_modules/pnpm/pnpm', 'install']],
  ['', ['npm', 'exec']],
])('started by %j it installs with that', async (runner, command) => {
  const { pnpmCommand } = (await load('pnpm')) as { pnpmCommand: (words: readonly string[], env: object) => readonly string[] };
  const words = pnpmCommand(['install'], { npm_execpath: runner });
  expect(words.slice(0, command.length)).toEqual(command);
  expect(words.at(-1)).toBe('install');
});
