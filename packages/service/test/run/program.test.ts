import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { listenTcp, parseEndpoint } from '@socklab/service';
import { expect, onTestFinished, test } from 'vitest';
import { startFixture } from '../process.ts';
import type { Exit, FixtureOptions } from '../process.ts';

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, options: FixtureOptions = {}): Promise<Exit> {
  await using program = startFixture('program', args, { ...options, env });
  return await program.exit();
}

const flagsOf = ({ stdout, stderr }: Exit) => (stderr === '' ? (JSON.parse(stdout) as Record<string, unknown>) : expect.fail(stderr));

const listen = (...ports: number[]) => ports.map((port) => ({ kind: 'ip', host: '127.0.0.1', port }));

test('an option is the default, its environment variable, or what is given, in rising order', async () => {
  expect(flagsOf(await run([]))).toMatchObject({ maxFrame: 65_536 });
  expect(flagsOf(await run([], { DEMO_APP_MAX_FRAME: '2KiB' }))).toMatchObject({ maxFrame: 2048 });
  expect(flagsOf(await run(['--max-frame', '3KiB'], { DEMO_APP_MAX_FRAME: '2KiB' }))).toMatchObject({ maxFrame: 3072 });
  expect(flagsOf(await run(['-m', '3KiB']))).toMatchObject({ maxFrame: 3072 });
});

test('a repeatable option replaces its default, and takes commas', async () => {
  expect(flagsOf(await run([]))).toMatchObject({ listen: listen(9000) });
  expect(flagsOf(await run(['--listen', '127.0.0.1:1', '--listen', '127.0.0.1:2']))).toMatchObject({ listen: listen(1, 2) });
  expect(flagsOf(await run([], { DEMO_APP_LISTEN: '127.0.0.1:1, 127.0.0.1:2' }))).toMatchObject({ listen: listen(1, 2) });
  expect(flagsOf(await run(['--listen', '127.0.0.1:3'], { DEMO_APP_LISTEN: '127.0.0.1:1' }))).toMatchObject({ listen: listen(3) });
  expect(flagsOf(await run(['--tag', 'red', '--tag', 'blue']))).toMatchObject({ tag: ['red', 'blue'] });
});

// One process start a test: each may take seconds on a busy machine.
test.each(['1', 'true', 'YES', 'on'])('a flag takes %j from its environment variable as yes', async (text) => {
  expect(flagsOf(await run([], { DEMO_APP_ONCE: text }))).toMatchObject({ once: true });
});

test.each(['0', 'false', 'No', 'off', ''])('a flag takes %j from its environment variable as no', async (text) => {
  expect(flagsOf(await run([], { DEMO_APP_ONCE: text }))).toMatchObject({ once: false });
});

test('an empty text is a value', async () => {
  expect(flagsOf(await run(['--quit', '']))).toMatchObject({ quit: '' });
  expect(flagsOf(await run([], { DEMO_APP_QUIT: '' }))).toMatchObject({ quit: '' });
});

test.runIf(process.platform === 'linux')('output that cannot be written is one line', async () => {
  const { code, stderr } = await run([], {}, { through: ['sh', '-c', 'exec "$@" > /dev/full', 'sh'] });
  expect(stderr).toBe('demo-app: standard output cannot be written: ENOSPC\n');
  expect(code).toBe(1);
});

test.each<[string, readonly string[], Readonly<Record<string, string>>, RegExp]>([
  ['an unknown option', ['--listn', '127.0.0.1:1'], {}, /unknown option '--listn' \(Did you mean --listen\?\)/],
  ['a mistyped command', ['conect'], {}, /unknown command 'conect' \(Did you mean connect\?\)/],
  [
    'an unknown option where a mandatory one is missing',
    ['need', '--targt', '1'],
    {},
    /unknown option '--targt' \(Did you mean --target\?\)/,
  ],
  ['a mandatory option that is missing', ['need'], {}, /required option '--target <name>' not specified/],
  ['a missing value', ['--listen'], {}, /option '--listen <endpoint>' argument missing/],
  ['a command that is like none', ['one'], {}, /unknown command 'one', there are connect/],
  ['too many arguments', ['need', '--target', '1', 'one'], {}, /too many arguments for 'need'/],
  ['a missing argument', ['connect'], {}, /missing required argument 'target'/],
  [
    'port 70000',
    ['--listen', 'tcp://127.0.0.1:70000'],
    {},
    /'--listen <endpoint>'.*'tcp:\/\/127\.0\.0\.1:70000' is invalid.*"70000" is not a port.*65535/,
  ],
  ['a family Node.js does not have', ['--listen', 'can:can0'], {}, /'--listen <endpoint>'.*no CAN sockets \(AF_CAN\).*use tcp:\/\//],
  ['one bad of several', ['--listen', '127.0.0.1:1', '--listen', 'nonsense'], {}, /'nonsense' is invalid.*not an endpoint/],
  ['a bad size', ['--max-frame', '64k'], {}, /'-m, --max-frame <size>' argument '64k' is invalid.*64KiB/],
  ['a bad choice', ['--session', 'sing'], {}, /'sing' is invalid.*echo, greet/],
  ['a bad choice of several', ['--tag', 'green'], {}, /'green' is invalid.*red, blue/],
  ['a bad target', ['connect', 'nowhere'], {}, /"nowhere" is not an address/],
  ['a bad size in the environment', [], { DEMO_APP_MAX_FRAME: '64k' }, /'64k' from env 'DEMO_APP_MAX_FRAME' is invalid/],
  ['a bad flag in the environment', [], { DEMO_APP_ONCE: 'maybe' }, /'--once' value 'maybe' from env 'DEMO_APP_ONCE' is invalid/],
])('%s is one clear line on standard error, exit 2', async (_name, args, env, line) => {
  const { code, stdout, stderr } = await run(args, env);
  expect(stderr).toMatch(/^demo-app: [^\n]+\n$/);
  expect(stderr).toMatch(line);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('--help and --version go to standard output, exit 0', async () => {
  expect(await run(['--version'])).toMatchObject({ code: 0, stdout: '1.2.3\n', stderr: '' });
  const help = await run(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(/--max-frame <size>\s+limit \(default: 64KiB, env:\s+DEMO_APP_MAX_FRAME\)/);
});

test("an option after a subcommand is the subcommand's", async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  const endpoint = await listenTcp(server, parseEndpoint('127.0.0.1:0', 'tcp'));
  expect(flagsOf(await run(['connect', endpoint, '--session', 'client-only']))).toEqual({ session: 'client-only' });
});

test('a connection refused is one clear line, exit 1', async () => {
  const server = createServer();
  const endpoint = await listenTcp(server, parseEndpoint('127.0.0.1:0', 'tcp'));
  await new Promise((resolve) => server.close(resolve));
  const { code, stderr } = await run(['connect', endpoint]);
  expect(stderr).toMatch(/^demo-app: nothing listens there \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)\n$/);
  expect(code).toBe(1);
});

test('a connection refused at each address of a name is one clear line too', async () => {
  const server = createServer();
  const port = /\d+$/.exec(await listenTcp(server, parseEndpoint('127.0.0.1:0', 'tcp')))?.[0];
  await new Promise((resolve) => server.close(resolve));
  expect((await run(['connect', `localhost:${port}`])).stderr).toMatch(/^demo-app: nothing listens there \([^\n]+\)\n$/);
});

test('an error with a code of a sibling package is one line with its code, exit 1', async () => {
  expect(await run(['fail', 'sibling'])).toMatchObject({
    code: 1,
    stderr: 'demo-app: payload of 5 bytes, limit 4 (FRAME_ERR_TOO_LARGE)\n',
  });
});

test.each([
  ['bug', 'undefined is not a function'],
  ['later', 'thrown later'],
])('a fault of the program (%s) is one log line with its stack on standard error, exit 1', async (how, message) => {
  const { code, stdout, stderr } = await run(['fail', how]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.split('\n')).toHaveLength(2);
  expect(JSON.parse(stderr)).toMatchObject({
    level: 'error',
    app: 'demo-app',
    msg: 'unexpected error',
    err: { message, stack: expect.any(String) },
  });
});

test('a reader that goes away ends the program quietly', async () => {
  await using program = startFixture('program', ['flood', '1000000']);
  await program.line(/^line 10$/);
  program.child.stdout?.destroy();
  expect(await program.exit()).toMatchObject({ code: 0, stderr: '' });
});

test('everything written is out before the program ends, however slow its reader', async () => {
  const { code, stdout } = await run(['flood', '100000']);
  expect(code).toBe(0);
  expect(stdout.endsWith('line 99999\n')).toBe(true);
});

test('a closed standard output from the start is quiet too', async () => {
  const fixture = fileURLToPath(new URL('../fixtures/program.ts', import.meta.url));
  const child = spawn('/bin/sh', ['-c', `"$0" -C @socklab/source "$1" flood 10 >&-`, process.execPath, fixture], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
