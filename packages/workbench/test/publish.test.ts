import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { NODE_VERSIONS, connectTo, installTarballs, manifestIn, readAll, repoRoot, startCommand } from '@socklab/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Program } from '@socklab/testkit';

const run = promisify(execFile);
const PROGRAMS = ['tcp-echo', 'udp-multi', 'sticky-lab'] as const;
const stage = join(repoRoot, 'packages/workbench/publish/stage.mjs');
const LICENCE = expect.stringMatching(/^LICENSE(?:\.md)?$/);
/** What somebody has who tests a server of lines in capitals. */
const SUITE = `import { createServer } from 'node:net';
import { probe, requestExchange } from '@socklab/probe';
import { matchers } from '@socklab/probe/vitest';
import { expect, test } from 'vitest';

expect.extend(matchers);

test('survives', async () => {
  const server = createServer((socket) => {
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\\n');
      rest = lines.pop() ?? '';
      for (const line of lines) socket.write(line.toUpperCase() + '\\n');
    });
  });
  const listening = new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  await listening;
  const { port } = server.address() as { port: number };
  try {
    const report = await probe({ target: '127.0.0.1:' + port, exchange: requestExchange(Buffer.from('hello\\n')), plans: 'every-cut' });
    expect(report).toSurvive({ unconfirmed: true });
  } finally {
    server.close();
  }
});
`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socklab-publish-'));
  const { stdout } = await run(process.execPath, [stage, join(folder, 'staged')]);
  const packed = (name: string): string => stdout.split('\n').find((path) => path.includes(`/socklab-${name}-`))!;
  for (const name of [...PROGRAMS, 'framing', 'probe']) await installTarballs(join(folder, name), [packed(name)]);
}, 300_000);

afterAll(() => rm(folder, { recursive: true }));

test.each(PROGRAMS)('%s installs alone: it depends on nothing, and brings the licences of what is in it', async (name) => {
  const installed = join(folder, name, 'node_modules/@socklab', name);
  const manifest = await manifestIn(installed);
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('private');
  expect(await readdir(installed)).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
  expect(await readdir(join(installed, 'dist'))).toContain('THIRD-PARTY-NOTICES.txt');
});

test('the probe brings what it depends on, so that it installs without a registry, and is less than 5 MB', async () => {
  const staged = await readdir(join(folder, 'staged'));
  const tarball = staged.find((name) => name.startsWith('socklab-probe-'))!;
  expect((await stat(join(folder, 'staged', tarball))).size).toBeLessThan(5_000_000);
  const { dependencies, bundleDependencies } = await manifestIn(join(folder, 'probe/node_modules/@socklab/probe'));
  expect(bundleDependencies).toEqual(Object.keys(dependencies as object));
});

test('the probe brings the licence of each package that is in it', async () => {
  const modules = join(folder, 'probe/node_modules/@socklab/probe/node_modules');
  const { bundleDependencies } = await manifestIn(join(modules, '..'));
  expect(bundleDependencies).toEqual(['@socklab/framing', 'pure-rand', 'valibot']);
  for (const name of bundleDependencies as readonly string[]) expect(await readdir(join(modules, name)), name).toContainEqual(LICENCE);
  expect(await readdir(join(modules, '../bin'))).toContain('THIRD-PARTY-NOTICES.txt');
});

test('the matchers of the installed probe pass a right server in a test suite, and their types are found', async () => {
  const suite = join(folder, 'probe');
  const linked = join(repoRoot, 'packages/workbench/node_modules');
  for (const name of ['vitest', '@types']) await symlink(join(linked, name), join(suite, 'node_modules', name));
  await writeFile(join(suite, 'survives.test.ts'), SUITE);
  const options = { strict: true, noEmit: true, module: 'nodenext', target: 'es2024', skipLibCheck: true, types: ['node'] };
  await writeFile(join(suite, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['survives.test.ts'] }));
  await run(join(linked, '.bin/tsc'), ['--project', suite]);
  const { stdout } = await run(process.execPath, [join(linked, 'vitest/vitest.mjs'), 'run', '--root', suite], { cwd: suite });
  expect(stripVTControlCharacters(stdout)).toMatch(/Tests +1 passed/);
});

test('a release is refused as long as nobody said where its source is', async () => {
  const refused = run(process.execPath, [stage, join(folder, 'refused'), '--release', 'tcp-echo'], {
    env: { ...process.env, SOCKLAB_REPOSITORY: '' },
  });
  await expect(refused).rejects.toThrow(/SOCKLAB_REPOSITORY is "": nothing is published without the address/);
});

test('a release says where its source is, and has the version of its tag', async () => {
  const env = { ...process.env, SOCKLAB_REPOSITORY: 'https://example.org/me/socklab', SOCKLAB_VERSION: '1.2.3' };
  await run(process.execPath, [stage, join(folder, 'release'), '--release', 'tcp-echo'], { env });
  expect(await manifestIn(join(folder, 'release/tcp-echo'))).toMatchObject({
    name: '@socklab/tcp-echo',
    version: '1.2.3',
    repository: { url: 'git+https://example.org/me/socklab.git', directory: 'apps/tcp-echo' },
    bugs: { url: 'https://example.org/me/socklab/issues' },
  });
});

describe.each(NODE_VERSIONS)('on Node.js $major, outside of this repository', ({ command }) => {
  const start = (consumer: string, bin: string, args: readonly string[]): Program =>
    startCommand([command, join(folder, consumer, 'node_modules/.bin', bin), ...args], { cwd: join(folder, consumer) });

  test('tcp-echo answers, and the probe passes it', async () => {
    await using service = start('tcp-echo', 'tcp-echo', ['--listen', '127.0.0.1:0']);
    const port = portOf(await service.log('listening'));
    const client = await connectTo(port);
    client.end('hello');
    expect((await readAll(client)).toString()).toBe('hello');
    const probe = await start('probe', 'socklab-probe', [
      '--target',
      `127.0.0.1:${port}`,
      '--request',
      'text:hello',
      '--plan',
      'every-cut',
    ]).exit();
    expect(probe, probe.stdout + probe.stderr).toMatchObject({ code: 0 });
  });

  test('udp-multi answers', async () => {
    await using service = start('udp-multi', 'udp-multi', ['--listen', '127.0.0.1:0']);
    const socket = createSocket('udp4');
    socket.send('hello', portOf(await service.log('listening')), '127.0.0.1');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    expect(answer.toString()).toBe('hello');
  });

  test('sticky-lab runs its experiments and serves its page', async () => {
    await using service = start('sticky-lab', 'sticky-lab', ['--http', '127.0.0.1:0', '--summary']);
    await service.waitFor(/\d+ experiments/);
    const page = await fetch(`http://127.0.0.1:${portOf(await service.log('listening'))}/`);
    expect(await page.text()).toContain('<div id="app">');
  });

  test('the probe shows its help, and programs import it', async () => {
    expect((await start('probe', 'socklab-probe', ['--help']).exit()).stdout).toMatch(/Usage: socklab-probe[^]*probe-client/);
    const file = join(folder, 'probe', 'errors.mjs');
    await writeFile(file, "import { ProbeError } from '@socklab/probe'; console.log(new ProbeError('PROBE_ERR_CONNECT', 'refused').code);");
    expect((await startCommand([command, file], { cwd: join(folder, 'probe') }).exit()).stdout).toBe('PROBE_ERR_CONNECT\n');
  });

  test('framing decodes', async () => {
    const file = join(folder, 'framing', 'decode.mjs');
    await writeFile(
      file,
      "import { line } from '@socklab/framing'; const d = line().createDecoder(); d.push(Buffer.from('a\\nb')); console.log(String.fromCharCode(...d.next()));",
    );
    expect((await startCommand([command, file], { cwd: join(folder, 'framing') }).exit()).stdout).toBe('a\n');
  });
});

function portOf({ endpoints }: Record<string, unknown>): number {
  return Number(/:(\d+)$/.exec((endpoints as readonly string[])[0]!)![1]);
}
