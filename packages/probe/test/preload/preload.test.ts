import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectTo, receive, temporaryFolder } from '@socklab/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createProgram, freePort, probe, requestExchange } from '../../src/index.ts';
import { unseenReads } from '../../src/preload/binary.ts';
import { createPreload } from '../../src/preload/preload.ts';
import type { ProbeOptions, ProbeReport } from '../../src/index.ts';
import type { Socket } from 'node:net';

// A system whose tables show no queues, such as a sandbox.
vi.mock(import('../../src/kernel/queue-check.ts'), async (original) => ({
  ...(await original()),
  areQueuesShown: () => Promise.resolve(false),
}));

const isHere = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;
const gallery = fileURLToPath(new URL('../../gallery/', import.meta.url));
/** Wrong where a character is cut. */
const PYTHON = `python3 ${gallery}text_per_chunk.py {port}`;

/** Closes two connections, and reads the third by a copy of its descriptor, which gets the number that the second had. */
const COPIES = `
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
for held in [server.accept()[0] for _ in range(2)]: held.close()
third = server.accept()[0]
copy = third.dup()
third.close()
copy.sendall(copy.recv(99))
copy.recv(1)
`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string): string => join(folder.path, name);

/** A campaign of a few trials against a server of lines, unless `more` says otherwise. */
function campaign(run: ProbeOptions['run'], more: Partial<ProbeOptions> = {}): Promise<ProbeReport> {
  const exchange = requestExchange(Buffer.from('hello, é\n'), { framing: 'line' });
  return probe({ run: run!, exchange, plans: 'every-cut+drip', pace: 'preload', quietMs: 50, ...more });
}

/** Compiles a program of this folder, once. */
function compile(source: string, ...words: readonly string[]): Promise<string> {
  const name = [source, ...words].join('');
  const known = compiled.get(name) ?? compileNow(source, words, at(name));
  compiled.set(name, known);
  return known;
}

const compiled = new Map<string, Promise<string>>();

async function compileNow(source: string, words: readonly string[], program: string): Promise<string> {
  await promisify(execFile)('cc', ['-O1', ...words, '-o', program, fileURLToPath(new URL(source, import.meta.url))]);
  return program;
}

/** Connects once the server listens. */
async function connectedTo(port: number): Promise<Socket> {
  for (;;) {
    try {
      return await connectTo(port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
    }
  }
}

beforeAll(async () => {
  folder = await temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', at('cache'));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await folder[Symbol.asyncDispose]();
});

describe.runIf(isHere)('where the kernel shows no queues', () => {
  test('a library sees what a program in C reads by each function of libc, in children of it too', async () => {
    const run = [await compile('every-read.c'), '{port}'];
    const [seen, unseen] = await Promise.all([campaign(run), campaign(run, { pace: 'auto', plans: 'at:1' })]);
    expect(seen).toMatchObject({ outcome: 'pass', pace: 'preload', totals: { pass: 10, unconfirmed: 0 } });
    expect(unseen).toMatchObject({ outcome: 'unconfirmed' });
  });

  test('bytes that a program only looks at do not count, nor do those of other ports', async () => {
    const [port, other] = [await freePort(), await freePort()];
    const preload = await createPreload(['sh'], port);
    const program = await compile('every-read.c');
    const servers = [port, other].map((each) => createProgram([program, '{port}'], { port: each, env: preload.env }));
    try {
      for (const server of servers) {
        await server.start();
        const client = await connectedTo(server.port);
        preload.watch.begin(client);
        client.write('hello\n');
        expect(await receive(client, 6)).toEqual(Buffer.from('hello\n'));
        expect(await preload.watch.untilRead(client, { timeoutMs: 20 })).toBe(server.port === port ? 'read' : 'late');
        expect(preload.table.of(client.localPort!).bytes).toBe(server.port === port ? 6 : 0);
        client.destroy();
      }
      expect(preload.table.totalBytes).toBe(6);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      preload.close();
    }
  });

  test('a connection counts whose descriptor is a copy with the number of one that was closed', async () => {
    const port = await freePort();
    const preload = await createPreload(['python3'], port);
    const server = createProgram(['python3', '-c', COPIES, '{port}'], { port, env: preload.env });
    try {
      await server.start();
      const [first, second] = [await connectedTo(port), await connectedTo(port)];
      const client = await connectTo(port);
      preload.watch.begin(client);
      client.write('hello\n');
      expect(await receive(client, 6)).toEqual(Buffer.from('hello\n'));
      expect(await preload.watch.untilRead(client, { timeoutMs: 20 })).toBe('read');
      for (const each of [first, second, client]) each.destroy();
    } finally {
      await server.stop();
      preload.close();
    }
  });

  test('a program that takes a short read of an edge-triggered socket for the end of what has come loses nothing', async () => {
    expect(await campaign([await compile('edge-triggered.c'), '{port}'])).toMatchObject({ outcome: 'pass', totals: { unconfirmed: 0 } });
  });

  test('it sees what Node.js reads', async () => {
    const exchange = requestExchange(Buffer.from('\0\0\0\u0005hello'), { framing: 'u32be' });
    const report = await campaign([process.execPath, `${gallery}length-prefixed.ts`, '{port}'], { exchange });
    expect(report).toMatchObject({ outcome: 'pass', totals: { pass: 9, unconfirmed: 0 } });
  });

  test('it tells a wrong server in Python from a right one', async () => {
    const [beside, inside] = await Promise.all([campaign(PYTHON, { plans: 'at:7' }), campaign(PYTHON, { plans: 'at:8' })]);
    expect(beside).toMatchObject({ outcome: 'pass', totals: { pass: 1 } });
    expect(inside).toMatchObject({ outcome: 'fail', cases: [{ trial: { shape: '8' }, verdict: { failure: 'wrong-bytes' } }] });
  });

  test('a static program is refused before it is started, and within a script before anything is judged', async () => {
    const program = await compile('every-read.c', '-static');
    await expect(campaign([program, '{port}'])).rejects.toThrow(/every-read.c-static is a static program, which loads no library/);
    await writeFile(at('interpreted'), `#!${program}\n`, { mode: 0o755 });
    await expect(campaign([at('interpreted'), '{port}'])).rejects.toThrow(/interpreted: none of its processes has loaded the library/);
    const script = ['sh', '-c', `"${program}" {port}; true`];
    await expect(campaign(script)).rejects.toThrow(/^sh: it answered, and no read of it was counted: static programs, Go, io_uring/);
  });

  test.runIf(spawnSync('go', ['version']).status === 0)('a Go program is refused before it is started', async () => {
    // That of Go itself is one.
    const program = join(execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), 'bin/go');
    await expect(campaign([program, '{port}'])).rejects.toThrow(/bin\/go is a Go program, which reads by system calls of its own/);
  });

  test('a program is looked at wherever PATH has it, and nothing is said of one that is not there', async () => {
    expect(await unseenReads('sh')).toBeUndefined();
    expect(await unseenReads('no-such-program')).toBeUndefined();
    expect(await unseenReads(fileURLToPath(import.meta.url))).toBeUndefined();
  });
});
