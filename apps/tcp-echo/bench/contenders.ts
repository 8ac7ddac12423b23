import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A server that takes part: how it is started. It says its port on standard output, alone on the first line or in a line of its log. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  /** `raw` bytes, or the framing that its client speaks too. */
  readonly framing: string;
  /** The depths that it is measured at. @defaultValue all */
  readonly depths?: readonly number[];
}

/** A contender, or why it cannot take part here. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const NODE = [process.execPath, '--conditions=@socklab/source'];

/** All limits and metrics are on; those that this many clients of one address would hit are raised, not taken away. */
const SERVE =
  '--listen tcp://127.0.0.1:0 --log-level info --log-format json --admin 127.0.0.1:0 --max-connections 15000 --max-per-ip 15000 --accept-rate 1000000/s';

const ours = (name: string, serverFraming: string, framing: string = serverFraming): Contender => ({
  name,
  // From the build, as it ships: what strips the types of a hundred files is still at work when the first samples are taken.
  command: [process.execPath, here('../dist/main.js'), ...SERVE.split(' '), '--framing', serverFraming],
  framing,
});

/** The contenders that this machine has the means for. C and Go are built into `folder`. */
export async function contenders(folder: string): Promise<{ readonly present: readonly Contender[]; readonly absent: readonly Absent[] }> {
  const foreign = await Promise.all([
    built(
      'c-libuv',
      'no C compiler with libuv (libuv1-dev)',
      ['cc', '-O2', here('peers/libuv.c'), '-o', join(folder, 'libuv'), '-luv'],
      folder,
      'libuv',
    ),
    built('c-epoll', 'no C compiler, or no Linux', ['cc', '-O2', here('peers/epoll.c'), '-o', join(folder, 'epoll')], folder, 'epoll'),
    built('go', 'no Go', ['go', 'build', '-o', join(folder, 'go-echo'), here('peers/echo.go')], folder, 'go-echo'),
    interpreted('python-asyncio', 'no Python 3', 'python3', here('peers/asyncio_echo.py')),
  ]);
  const hasLibuv = foreign.some((each) => each.name === 'c-libuv' && 'command' in each);
  const present: Contender[] = [
    ours('tcp-echo', 'raw'),
    { ...ours('tcp-echo-u32be', 'u32be'), depths: [32] },
    // Raw, with the client of the one above: how a client batches decides how much a server reads at a time.
    { ...ours('tcp-echo-raw-u32be', 'raw', 'u32be'), depths: [32] },
    { name: 'node-pipe', command: [...NODE, here('peers/pipe.ts')], framing: 'raw' },
    { name: 'node-data-write', command: [...NODE, here('peers/data-write.ts')], framing: 'raw' },
    // Where there is libuv, plain epoll tells nothing more.
    ...foreign.filter((each) => 'command' in each).filter(({ name }) => name !== 'c-epoll' || !hasLibuv),
  ];
  return { present, absent: foreign.filter((each) => 'reason' in each) };
}

async function built(
  name: string,
  reason: string,
  [compiler = '', ...args]: readonly string[],
  folder: string,
  file: string,
): Promise<Contender | Absent> {
  try {
    await run(compiler, args);
    return { name, command: [join(folder, file)], framing: 'raw' };
  } catch {
    return { name, reason };
  }
}

async function interpreted(name: string, reason: string, interpreter: string, file: string): Promise<Contender | Absent> {
  try {
    // The interpreter itself, not a script that starts it: its processor time is measured.
    const { stdout } = await run(interpreter, ['-c', 'import sys; print(sys.executable)']);
    return { name, command: [stdout.trim(), file], framing: 'raw' };
  } catch {
    return { name, reason };
  }
}
