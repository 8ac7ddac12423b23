import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCapture, changedSettings } from '@socklab/proxy';
import { settingsOf } from '@socklab/proxy/testing';
import { connectTo, listening, programCommand, readAll, receive, startCommand, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import type { Program } from '@socklab/testkit';

/** A server that answers what it is sent, and ends when its client does. */
async function echoServer() {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  const port = await listening(server);
  return { port, [Symbol.asyncDispose]: async () => void server.close() };
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'sticky-lab-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function startProxy(args: readonly string[]): Program {
  return startProgram('sticky-lab', ['proxy', '--listen', 'tcp://127.0.0.1:0', ...args], { stdin: 'ignore' });
}

async function portOf(program: Program): Promise<number> {
  const { endpoints } = await program.log('listening');
  return Number(/\d+$/.exec((endpoints as readonly string[])[0] ?? '')?.[0]);
}

test('passes traffic on, is asked and changed while it runs, writes it down, and exits 0 on SIGTERM', async () => {
  await using echo = await echoServer();
  await using folder = await temporaryFolder();
  const capture = join(folder.path, 'run.jsonl');
  await using program = startProxy([
    '--target',
    `localhost:${echo.port}`,
    '--plan',
    'bytes:2',
    '--admin',
    '127.0.0.1:0',
    '--capture',
    capture,
  ]);
  const client = await connectTo(await portOf(program));
  const admin = String((await program.log('admin listening'))['endpoint']).replace('tcp:', 'http:');
  client.write('abc');
  expect((await receive(client, 3)).toString()).toBe('abc');

  const [listed] = (await (await fetch(`${admin}/proxies`)).json()) as readonly Record<string, unknown>[];
  expect(listed).toMatchObject({ id: '1', target: `localhost:${echo.port}`, plan: 'bytes:2', pace: 'none', connections: 1, rate: null });
  const connections = await (await fetch(`${admin}/proxies/1/connections`)).json();
  expect(connections).toEqual([
    expect.objectContaining({ id: 1, isConnected: true, up: { bytesIn: 3, bytesOut: 3, pieces: 2, pendingBytes: 0 } }),
  ]);
  expect((await fetch(`${admin}/proxies/2`)).status).toBe(404);

  const change = (body: unknown) =>
    fetch(`${admin}/proxies/1`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const changed = await change({ plan: 'drip', pace: 'gap:1ms', seed: 7, latency: '2ms±1ms', rate: '1MiB/s', direction: 'up' });
  expect(await changed.json()).toMatchObject({
    plan: 'drip',
    pace: 'gap:1ms',
    seed: 7,
    latencyMs: 2,
    jitterMs: 1,
    rate: 1_048_576,
    keptConnections: 0,
  });
  expect(await (await change({ plan: 'prefix' })).json()).toMatchObject({
    error: expect.stringContaining('needs to know where frames begin'),
  });
  client.write('de');
  expect((await receive(client, 2)).toString()).toBe('de');
  expect(await (await fetch(`${admin}/metrics`)).text()).toContain('socklab_sticky_lab_proxy_bytes_total{direction="up"} 5');
  expect(await (await fetch(`${admin}/readyz`)).text()).toBe('ready');

  client.end();
  await readAll(client);
  await program.log('connection closed');
  program.signal('SIGTERM');
  expect((await program.exit()).code).toBe(0);
  const lines = (await readFile(capture, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toEqual({ socklab: 'capture', version: 1, target: `localhost:${echo.port}`, plan: 'bytes:2', seed: 1 });
  const ofClient = lines.filter(({ from }) => from === 'client').map(({ us, ...line }) => ({ ...line, isTimed: Number.isInteger(us) }));
  const line = { conn: 1, from: 'client', isTimed: true };
  expect(ofClient).toEqual([
    { ...line, read: 3, hex: '616263' },
    { ...line, wrote: 2 },
    { ...line, wrote: 1 },
    { ...line, read: 2, hex: '6465' },
    { ...line, wrote: 1 },
    { ...line, wrote: 1 },
    { ...line, end: 'fin' },
  ]);
});

test('listens on several endpoints, each a proxy of its own, and speaks to socket files at both sides', async () => {
  await using folder = await temporaryFolder();
  const [listenPath, targetPath] = [join(folder.path, 'listen.sock'), join(folder.path, 'target.sock')];
  const server = createServer((socket) => void socket.pipe(socket));
  server.listen(targetPath);
  await once(server, 'listening');
  await using program = startProxy(['--listen', `unix:${listenPath}`, '--target', `unix:${targetPath}`, '--admin', '127.0.0.1:0']);
  const port = await portOf(program);
  const admin = String((await program.log('admin listening'))['endpoint']).replace('tcp:', 'http:');
  await fetch(`${admin}/proxies/2`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"plan":"drip"}' });
  const proxies = await (await fetch(`${admin}/proxies`)).json();
  expect(proxies).toMatchObject([
    { id: '1', plan: 'pass' },
    { id: '2', plan: 'drip', listen: `unix:${listenPath}` },
  ]);
  for (const [where, pieces] of [
    [port, 1],
    [listenPath, 5],
  ] as const) {
    const client = await connectTo(where);
    client.end('12345');
    expect((await readAll(client)).toString()).toBe('12345');
    expect(await program.log('connection closed', { nth: where === port ? 1 : 2 })).toMatchObject({ reason: 'done', up: { pieces } });
  }
  server.close();
});

test('cuts what is left when a stop takes too long', async () => {
  await using echo = await echoServer();
  await using program = startProxy(['--target', `127.0.0.1:${echo.port}`, '--drain-timeout', '50ms']);
  const client = await connectTo(await portOf(program));
  client.on('error', () => undefined);
  client.write('x');
  await receive(client, 1);
  program.signal('SIGTERM');
  expect(await program.log('connection closed')).toMatchObject({ reason: 'drain-timeout' });
  expect((await program.exit()).code).toBe(0);
  if (!client.closed) await once(client, 'close');
});

test.each([
  [['--target', '127.0.0.1:1', '--plan', 'bytes:x'], 'bytes:N takes whole numbers'],
  [['--target', '127.0.0.1:1', '--plan', 'prefix'], 'needs to know where frames begin'],
  [['--target', '127.0.0.1:1', '--on', 'frame:1 do rst'], 'needs to know where frames begin'],
  [['--target', '127.0.0.1:1', '--pace', 'slowly'], 'unknown pace "slowly"'],
  [['--target', '8.8.8.8:80'], '--i-own-the-target'],
  [['--target', '127.0.0.1:1', '--capture', '/nowhere/at/all'], '--capture /nowhere/at/all: ENOENT'],
  [['--target', '127.0.0.1:1', '--capture-max', '1KiB'], 'give 1MiB or more'],
  [[], "required option '--target <address>' not specified"],
])('%j is a usage error', async (args, message) => {
  await using program = startProxy(args);
  const { code, stderr } = await program.exit();
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});

test.each([
  [[], 'a change is an object'],
  [{ listen: 'x' }, '"listen" cannot be changed: give some of plan, pace, seed, direction, latency, rate'],
  [{ plan: {} }, 'plan is written as on the command line'],
  [{ seed: -1 }, '"-1" is not a seed'],
  [{ direction: 'left' }, '"left" is not a direction: give up, down, both'],
  [{ pace: 'x' }, 'unknown pace "x"'],
])('refuses the change %j', (body, message) => {
  expect(() => changedSettings(settingsOf(), body)).toThrow(message);
});

test('a capture ends with a line that says so when it is full', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'run.jsonl');
  const capture = openCapture({ path, maxBytes: 1_048_576, head: {}, onStopped: () => undefined });
  const memory = Buffer.alloc(65_536);
  for (let index = 0; index < 20; index++) capture.read({ connection: 1, direction: 'up' }, memory, memory.length);
  capture.close();
  const text = await readFile(path, 'utf8');
  expect(text.length).toBeLessThanOrEqual(1_048_576);
  expect(JSON.parse(text.trimEnd().split('\n').at(-1)!)).toEqual({ us: expect.any(Number), full: true });
});

test('a layout from a file tells where frames are: the second one is the trigger', async () => {
  await using echo = await echoServer();
  const meters = fileURLToPath(import.meta.resolve('@socklab/framing/layouts/dlt645.json'));
  const on = 'up frame:2 do rst';
  await using program = startProxy(['--target', `localhost:${echo.port}`, '--framing', meters, '--on', on, '--plan', 'prefix']);
  const request = Buffer.from('68123456789000681104333334335616', 'hex');
  const client = await connectTo(await portOf(program));
  client.on('error', () => undefined).resume();
  client.write(Buffer.concat([Buffer.of(0xfe, 0xfe), request]));
  client.write(request);
  await new Promise((resolve) => client.once('close', resolve));
  expect(await program.log('trigger')).toMatchObject({ trigger: expect.stringContaining('frame:2') });
});

test('says at which byte the framing is lost, and passes on what comes', async () => {
  await using echo = await echoServer();
  await using program = startProxy(['--target', `localhost:${echo.port}`, '--framing', 'postgres', '--plan', 'prefix']);
  const client = await connectTo(await portOf(program));
  const hello = Buffer.from('0000000804d2162f1603010005', 'hex');
  client.write(hello);
  expect(await receive(client, hello.length)).toEqual(hello);
  expect(await program.log('framing lost: passing bytes as they come', { where: ({ direction }) => direction === 'up' })).toMatchObject({
    code: 'FRAME_ERR_BAD_MAGIC',
    at: 8,
    reason: expect.stringContaining('StartupMessage or CancelRequest begins with 00, received 16') as string,
  });
});

/** A pipe in the file system. */
function makeFifo(folder: string): string {
  const path = join(folder, 'fifo');
  execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', path]);
  return path;
}

test('a capture into a pipe that nobody reads stops, and waits for nobody', async () => {
  await using folder = await temporaryFolder();
  const path = makeFifo(folder.path);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stopped: string[] = [];
  const capture = openCapture({ path, maxBytes: 1_073_741_824, head: {}, onStopped: (code) => stopped.push(code) });
  const memory = Buffer.alloc(65_536);
  for (let index = 0; index < 200; index++) capture.read({ connection: 1, direction: 'up' }, memory, memory.length);
  capture.close();
  closeSync(reader);
  expect(stopped).toEqual(['EAGAIN']);
});

test('a capture into a pipe that has no reader is an error', async () => {
  await using folder = await temporaryFolder();
  const path = makeFifo(folder.path);
  expect(() => openCapture({ path, maxBytes: 1_048_576, head: {}, onStopped: () => undefined })).toThrow(/ENXIO/);
});

test('a disk that is full ends the capture, and nothing else', async () => {
  await using folder = await temporaryFolder();
  await using echo = await echoServer();
  const path = join(folder.path, 'run.jsonl');
  // What a file may grow to stands for a disk: the write fails all the same.
  const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f 64; exec "$@"`, 'sh'];
  const proxy = programCommand('sticky-lab', [
    'proxy',
    '--listen',
    'tcp://127.0.0.1:0',
    '--target',
    `127.0.0.1:${echo.port}`,
    '--capture',
    path,
  ]);
  await using program = startCommand([...limited, ...proxy]);
  const client = await connectTo(await portOf(program));
  const sent = Buffer.alloc(200_000, 'x');
  client.write(sent);
  expect(await receive(client, sent.length)).toEqual(sent);
  client.end();
  expect(await program.log('capture stopped: the rest is not written down')).toMatchObject({ path, code: 'EFBIG' });
  expect(await program.log('connection closed')).toMatchObject({ reason: 'done' });
});
