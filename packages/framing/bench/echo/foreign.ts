import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiled, isAbsent, isPresent } from '@socklab/bench';
import type { EchoPeer } from './server.ts';
import type { Absent, Program } from '@socklab/bench';

/** A server that is no Node.js: a program that says its port first. */
export interface ForeignServer extends EchoPeer {
  readonly command: readonly string[];
  /** How long it runs before it is measured. @defaultValue as the others */
  readonly warmUpMs?: number;
}

/** Those that this machine has the means for, and the others. */
export interface ForeignServers {
  readonly present: readonly ForeignServer[];
  readonly absent: readonly Absent[];
}

const ABOUT: Readonly<Record<string, string>> = {
  'go-bufio': "Go: bufio.Reader and bufio.Writer of 64 KiB, Flush when nothing is left to read; one payload's memory a connection",
  'tokio-util': 'Rust: LengthDelimitedCodec, feed() of each, flush() when nothing is left to read',
  netty: 'Java: LengthFieldBasedFrameDecoder and a prepended length, write() of each, flush() when the read is complete; NIO, one thread',
};

/** Where Debian and its children keep Netty. */
const SYSTEM_NETTY = ['buffer', 'codec', 'common', 'resolver', 'transport'].map((part) => `/usr/share/java/netty-${part}.jar`).join(':');

/** Java's second compiler comes late: before it, a message costs four times as much. */
const JAVA_WARM_UP_MS = 1800;

/** All its memory from the start, and a collector without threads of its own: what is measured is messages. */
const NETTY_OPTIONS = ['-Xms256m', '-XX:+UseSerialGC'];

/** Where Debian and its children keep the sources of Rust packages. */
const SYSTEM_CRATES = '/usr/share/cargo/registry';

/** Where they are built, so that only the first run waits for it. */
const built = fileURLToPath(new URL('../../node_modules/.cache/echo-peers', import.meta.url));
const source = (name: string): string => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

/** A server that was built. */
interface BuiltServer extends Program, Pick<ForeignServer, 'warmUpMs'> {}

/** Builds the servers in other languages. */
export async function foreignServers(): Promise<ForeignServers> {
  await mkdir(built, { recursive: true });
  const all = await Promise.all([buildGo(), buildTokio(), buildNetty()]);
  const present = all
    .filter(isPresent<BuiltServer>)
    .map((program): ForeignServer => ({ ...program, about: ABOUT[program.name]!, wire: 'u32be' }));
  return { present, absent: all.filter(isAbsent) };
}

function buildGo(): ReturnType<typeof compiled> {
  const file = join(built, 'go-bufio');
  return compiled('go-bufio', 'no Go', ['go', 'build', '-o', file, source('echo.go')], file);
}

async function buildTokio(): ReturnType<typeof compiled> {
  const folder = join(built, 'tokio-util');
  // Beside the sources it would leave a lock file of what this machine has.
  await cp(source('tokio-util'), folder, { recursive: true });
  const build = [
    'cargo',
    'build',
    '--quiet',
    '--release',
    '--manifest-path',
    join(folder, 'Cargo.toml'),
    '--target-dir',
    join(folder, 'target'),
  ];
  const file = join(folder, 'target/release/echo');
  const offline = [
    '--offline',
    '--config',
    'source.crates-io.replace-with="system"',
    '--config',
    `source.system.directory="${SYSTEM_CRATES}"`,
  ];
  const reason = 'no Cargo, or neither a registry nor the sources of the system (librust-tokio-util-dev)';
  const fromSystem = await compiled('tokio-util', reason, [...build, ...offline], file);
  return isPresent(fromSystem) ? fromSystem : await compiled('tokio-util', reason, build, file);
}

async function buildNetty(): Promise<BuiltServer | Absent> {
  const program = await compiled(
    'netty',
    'no Java, or not the Netty of the system (libnetty-java)',
    ['javac', '-cp', SYSTEM_NETTY, '-d', built, source('NettyEcho.java')],
    'java',
  );
  if (!isPresent(program)) return program;
  const command = [...program.command, ...NETTY_OPTIONS, '-cp', `${SYSTEM_NETTY}:${built}`, 'NettyEcho'];
  return { ...program, command, warmUpMs: JAVA_WARM_UP_MS };
}
