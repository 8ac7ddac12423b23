import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compiled, interpreted, isAbsent, isPresent } from '@socklab/bench';
import type { Absent, Program } from '@socklab/bench';

/** A contender: how to start its server. It prints its port alone on a line, or in a line of its log. */
export interface Contender extends Program {
  /** Serves one peer only, one datagram after the other. */
  readonly isForOne?: boolean;
}

/** Contenders that echo and those that fan out, and those that cannot run here. */
export interface Contenders {
  readonly echo: readonly Contender[];
  readonly fanout: readonly Contender[];
  readonly absent: readonly Absent[];
}

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const NODE = [process.execPath, '--conditions=@socklab/source'];

/** All protections and metrics are on, for unproven sources; only the limits that one address would hit are raised. */
const RATE = '1000000/s';
const LISTEN = ['--listen', 'udp://127.0.0.1:0', '--admin', '127.0.0.1:0', '--log-level', 'info', '--log-format', 'json'];
/** All contenders request the same size: a thousand sockets that send at once must not cause loss. */
const RECV_BUFFER = ['--recv-buffer', '4MiB'];
const SAFETY = ['--trust', 'none', '--rate-ip', RATE, '--rate-prefix', RATE, '--rate-total', RATE, '--loop-max', '1000000'];
const ROOM = ['--members-per-ip', '0', '--rate-member', RATE];

const ours = (...args: readonly string[]): Contender => ({
  name: 'udp-multi',
  // From the build, as shipped: stripping the types of a hundred files would still be going on during the first samples.
  command: [process.execPath, here('../dist/main.js'), ...LISTEN, ...RECV_BUFFER, ...SAFETY, ...args],
});

const bare = (name: string, file: string, ...args: readonly string[]): Contender => ({
  name,
  command: [...NODE, here(`peers/${file}.ts`), ...args],
});

/** The contenders that this machine can run. C and Go are compiled into `folder`. */
export async function contenders(folder: string): Promise<Contenders> {
  const foreign = await Promise.all([
    compiled(
      'c-recvfrom',
      'no C compiler',
      ['cc', '-O2', here('peers/recvfrom.c'), '-o', join(folder, 'recvfrom')],
      join(folder, 'recvfrom'),
    ),
    compiled('go', 'no Go', ['go', 'build', '-o', join(folder, 'go-echo'), here('peers/echo.go')], join(folder, 'go-echo')),
    interpreted('python-asyncio', 'no Python 3', 'python3', here('peers/asyncio_echo.py')),
    socat(),
  ]);
  return {
    echo: [
      ours(),
      bare('node-dgram', 'dgram-echo'),
      bare('node-dgram-lookup', 'dgram-echo', 'lookup-at-once'),
      ...foreign.filter(isPresent),
    ],
    fanout: [
      ours('--topology', 'many-to-many', ...ROOM),
      bare('node-dgram', 'dgram-fanout'),
      bare('node-dgram-lookup', 'dgram-fanout', 'lookup-at-once'),
    ],
    absent: foreign.filter(isAbsent),
  };
}

/** Its echo is a pipe to itself, which loses boundaries: one peer, one datagram after the other. */
async function socat(): Promise<Contender | Absent> {
  try {
    await run('socat', ['-V']);
    return { name: 'socat', command: ['socat', '-d', '-d', 'UDP4-LISTEN:0,bind=127.0.0.1', 'PIPE'], isForOne: true };
  } catch {
    return { name: 'socat', reason: 'no socat' };
  }
}
