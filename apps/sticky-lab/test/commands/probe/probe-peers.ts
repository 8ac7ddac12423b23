import { accessSync, chmodSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { listening, startCommand } from '@socklab/testkit';
import type { OutputStream, Program } from '@socklab/testkit';

/** A server that nobody here wrote, started for a test. */
export interface Peer extends AsyncDisposable {
  readonly target: string;
}

/** A kind of server. */
export interface PeerKind {
  readonly name: string;
  /** The package of Debian. */
  readonly package: string;
  /** The program, `undefined` where it is not installed. */
  readonly program: string | undefined;
  readonly start: () => Promise<Peer>;
}

/** Servers start slowly on a busy machine. */
const START_MS = 60_000;
const NOBODY = '65534';

const POSTGRES_FOLDERS = '/usr/lib/postgresql';

/** The servers that people use, in the order of the examples. */
export const PEERS: readonly PeerKind[] = [
  peer('redis-server', 'redis-server', (program) =>
    startPeer((port, folder) => [program, '--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder], {
      stdout: /Ready to accept connections/,
    }),
  ),
  peer('memcached', 'memcached', (program) =>
    startPeer((port) => [program, '-vv', '-l', '127.0.0.1', '-p', port, '-U', '0'], { stderr: /server listening/ }),
  ),
  peer('nginx', 'nginx-light', (program) =>
    startPeer((port, folder) => [program, '-e', 'stderr', '-p', folder, '-c', nginxConfiguration(port, folder)], {
      stderr: /getrlimit/,
    }),
  ),
  peer('postgres', 'postgresql', (program) => startPostgres(program)),
];

function peer(name: string, debian: string, start: (program: string) => Promise<Peer>): PeerKind {
  const program = find(name);
  if (program === undefined && process.env['SOCKLAB_REQUIRE_PEERS'] === '1') {
    throw new Error(`${name} is not installed, and SOCKLAB_REQUIRE_PEERS=1 requires it`);
  }
  return { name, package: debian, program, start: () => start(program ?? name) };
}

/** Where a program is; Debian keeps some where only root, or nobody, looks. */
function find(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', ...versionsOfPostgres()];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function versionsOfPostgres(): readonly string[] {
  try {
    return readdirSync(POSTGRES_FOLDERS).map((version) => join(POSTGRES_FOLDERS, version, 'bin'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** None of them is run as root, and some refuse to be. */
function unprivileged(command: readonly string[]): readonly string[] {
  return process.getuid?.() === 0 ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...command] : command;
}

type Ready = Partial<Record<OutputStream, RegExp>>;

async function startPeer(command: (port: string, folder: string) => readonly string[], ready: Ready, prepare = nothing): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'sticky-lab-peer-'));
  chmodSync(folder, 0o777);
  try {
    await prepare(folder);
    const port = await freePort();
    const program = startCommand(unprivileged(command(port, folder)), { stdin: 'ignore', cwd: folder, deadlineMs: START_MS });
    for (const [stream, pattern] of Object.entries(ready)) await program.waitFor(pattern, stream as OutputStream);
    return { target: `127.0.0.1:${port}`, [Symbol.asyncDispose]: () => endPeer(program, folder) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** By its own pid and with its own good-bye, so that its children end too. */
async function endPeer(program: Program, folder: string): Promise<void> {
  program.signal('SIGINT');
  await program.exit().finally(() => program[Symbol.asyncDispose]());
  rmSync(folder, { recursive: true, force: true });
}

async function startPostgres(program: string): Promise<Peer> {
  const initdb = program.replace(/postgres$/, 'initdb');
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'].flatMap((setting) => ['-c', setting]);
  return startPeer(
    (port, folder) => [program, '-D', join(folder, 'cluster'), '-p', port, ...settings],
    { stderr: /ready to accept connections/ },
    async (folder) => {
      const command = [initdb, '-D', join(folder, 'cluster'), '-U', 'postgres', '--auth=trust', '--no-sync', '--no-locale'];
      await using made = startCommand(unprivileged(command), { stdin: 'ignore', cwd: folder, deadlineMs: START_MS });
      const { code, stderr } = await made.exit();
      if (code !== 0) throw new Error(`initdb exited with ${code}: ${stderr}`);
    },
  );
}

function nginxConfiguration(port: string, folder: string): string {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  const server = `server { listen 127.0.0.1:${port}; location / { return 200 "seen\\n"; } }`;
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr notice;
    events { worker_connections 256; }
    http { access_log off; ${places.join(' ')} ${server} }\n`,
  );
  return file;
}

/** A port that is free now. The programs take a number, and none of them tells which one it picked. */
async function freePort(): Promise<string> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

async function nothing(_folder: string): Promise<void> {}
