import { accessSync, chmodSync, chownSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, startCommand } from '@socklab/testkit';
import type { OutputStream, Program } from '@socklab/testkit';

/** A server that nobody here wrote, started for a test. */
export interface Peer extends AsyncDisposable {
  readonly target: string;
}

/** A kind of server. */
export interface PeerKind {
  readonly name: string;
  /** What it speaks, a name of `--protocol`. */
  readonly protocol: string;
  /** The package of Debian. */
  readonly package: string;
  /** The program, `undefined` where it is not installed. */
  readonly program: string | undefined;
  readonly start: () => Promise<Peer>;
}

/** Servers start slowly on a busy machine. */
const START_MS = 60_000;
const LOOK_EVERY_MS = 25;
const NOBODY = '65534';

const POSTGRES_FOLDERS = '/usr/lib/postgresql';

/** The servers that people use, in the order of the examples. */
export const PEERS: readonly PeerKind[] = [
  peer('redis-server', 'redis', 'redis-server', (program) =>
    startPeer((port, folder) => [program, '--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder], {
      stdout: /Ready to accept connections/,
    }),
  ),
  peer('memcached', 'memcached', 'memcached', (program) =>
    startPeer((port) => [program, '-vv', '-l', '127.0.0.1', '-p', port, '-U', '0'], { stderr: /server listening/ }),
  ),
  peer('nginx', 'http', 'nginx-light', (program) =>
    startPeer((port, folder) => [program, '-e', 'stderr', '-p', folder, '-c', nginxConfiguration(port, folder)], {
      stderr: /getrlimit/,
    }),
  ),
  peer('postgres', 'postgres', 'postgresql', (program) => startPostgres(program)),
  peer('mosquitto', 'mqtt', 'mosquitto', (program) =>
    startPeer((port, folder) => [program, '-c', configured(folder, `listener ${port} 127.0.0.1\nallow_anonymous true`)], {
      stderr: / running/,
    }),
  ),
  peer('nats-server', 'nats', 'nats-server', (program) =>
    startPeer((port) => [program, '-a', '127.0.0.1', '-p', port], { stderr: /Server is ready/ }),
  ),
  peer('dnsmasq', 'dns', 'dnsmasq-base', (program) =>
    startPeer((port) => [program, '--no-daemon', `--port=${port}`, ...DNSMASQ], { stderr: /started/ }),
  ),
  peer('aiosmtpd', 'smtp', 'python3-aiosmtpd', (program) =>
    startPeer((port) => [program, '-n', '-d', '-l', `127.0.0.1:${port}`], { stderr: /Server is listening/ }),
  ),
  peer('vsftpd', 'ftp', 'vsftpd', (program) => startPeer((port, folder) => [program, ftpConfiguration(port, folder)], 'accepts')),
  peer('danted', 'socks5', 'dante-server', (program) =>
    startPeer((port, folder) => [program, '-f', danteConfiguration(port, folder), '-p', join(folder, 'pid')], { stderr: / running/ }),
  ),
];

const DNSMASQ =
  '--no-resolv --no-hosts --listen-address=127.0.0.1 --bind-interfaces --conf-file=/dev/null --pid-file= --user= --address=/localhost/127.0.0.1 --log-facility=-'.split(
    ' ',
  );

function peer(name: string, protocol: string, debian: string, start: (program: string) => Promise<Peer>): PeerKind {
  const program = find(name);
  if (program === undefined && process.env['SOCKLAB_REQUIRE_PEERS'] === '1') {
    throw new Error(`${name} is not installed, and SOCKLAB_REQUIRE_PEERS=1 requires it`);
  }
  return { name, protocol, package: debian, program, start: () => start(program ?? name) };
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

/** What it writes when it is ready; one that writes nothing is ready when it accepts a connection. */
type Ready = Partial<Record<OutputStream, RegExp>> | 'accepts';

async function startPeer(command: (port: string, folder: string) => readonly string[], ready: Ready, prepare = nothing): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'sticky-lab-peer-'));
  chmodSync(folder, 0o777);
  let program: Program | undefined;
  try {
    await prepare(folder);
    // The programs take a number, and none of them tells which one it picked.
    const port = String(await freePort());
    program = startCommand(unprivileged(command(port, folder)), { stdin: 'ignore', cwd: folder, deadlineMs: START_MS });
    if (ready === 'accepts') await accepting(program, Number(port));
    else for (const [stream, pattern] of Object.entries(ready)) await program.waitFor(pattern, stream as OutputStream);
    const started = program;
    return { target: `127.0.0.1:${port}`, [Symbol.asyncDispose]: () => endPeer(started, folder) };
  } catch (error) {
    await program?.[Symbol.asyncDispose]();
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

/**
 * Resolves when somebody listens on the port: until then each connection is refused.
 *
 * @throws Error when the program ends before, or is not ready in time.
 */
async function accepting(program: Program, port: number): Promise<void> {
  const over = new AbortController();
  const isOver = (error: unknown): void => over.abort(error);
  void program.exit().then(({ code, stderr }) => isOver(new Error(`it ended with ${code} and took no connection: ${stderr}`)), isOver);
  while (!(await isListening(port))) {
    over.signal.throwIfAborted();
    await wait(LOOK_EVERY_MS);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.destroy());
    socket.on('error', () => resolve(false)).on('close', (hadError) => resolve(!hadError));
  });
}

/** A configuration file that the program itself owns: some take no other. */
function configured(folder: string, text: string): string {
  const file = join(folder, 'configuration');
  writeFileSync(file, `${text}\n`);
  if (process.getuid?.() === 0) chownSync(file, Number(NOBODY), Number(NOBODY));
  return file;
}

function ftpConfiguration(port: string, folder: string): string {
  const open = ['listen=YES', 'listen_address=127.0.0.1', `listen_port=${port}`, 'background=NO', 'max_clients=0', 'max_per_ip=0'];
  const confined = ['run_as_launching_user=YES', 'seccomp_sandbox=NO', `secure_chroot_dir=${folder}`];
  return configured(folder, [...open, ...confined, 'anonymous_enable=YES', 'local_enable=NO'].join('\n'));
}

function danteConfiguration(port: string, folder: string): string {
  const anybody = 'pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }';
  const addresses = [`internal: 127.0.0.1 port = ${port}`, 'external: 127.0.0.1'];
  return configured(
    folder,
    ['logoutput: stderr', ...addresses, 'clientmethod: none', 'socksmethod: none', `client ${anybody}`, `socks ${anybody}`].join('\n'),
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

async function nothing(_folder: string): Promise<void> {}
