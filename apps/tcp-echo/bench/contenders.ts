import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiled, interpreted, isAbsent, isPresent } from '@socklab/bench';
import type { Absent, Program } from '@socklab/bench';

/** A contender: how to start its server. It prints its port on standard output, alone on the first line or in a line of its log. */
export interface Contender extends Program {
  /** `raw` bytes, or the framing that its client uses too. */
  readonly framing: string;
  /** The depths to measure it at. @defaultValue all */
  readonly depths?: readonly number[];
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const NODE = [process.execPath, '--conditions=@socklab/source'];

/** All limits and metrics are on; those that many clients of one address would hit are raised, not removed. */
const SERVE =
  '--listen tcp://127.0.0.1:0 --log-level info --log-format json --admin 127.0.0.1:0 --max-connections 15000 --max-per-ip 15000 --accept-rate 1000000/s';

const ours = (name: string, serverFraming: string, framing: string = serverFraming): Contender => ({
  name,
  // From the build, as shipped: stripping the types of a hundred files would still be going on during the first samples.
  command: [process.execPath, here('../dist/main.js'), ...SERVE.split(' '), '--framing', serverFraming],
  framing,
});

/** The contenders that this machine can run. C and Go are compiled into `folder`. */
export async function contenders(folder: string): Promise<{ readonly present: readonly Contender[]; readonly absent: readonly Absent[] }> {
  const build = (name: string, reason: string, file: string, compile: readonly string[]): ReturnType<typeof compiled> =>
    compiled(name, reason, [...compile, '-o', join(folder, file)], join(folder, file));
  const foreign = await Promise.all([
    build('c-libuv', 'no C compiler with libuv (libuv1-dev)', 'libuv', ['cc', '-O2', here('peers/libuv.c'), '-luv']),
    build('c-epoll', 'no C compiler, or no Linux', 'epoll', ['cc', '-O2', here('peers/epoll.c')]),
    compiled('go', 'no Go', ['go', 'build', '-o', join(folder, 'go-echo'), here('peers/echo.go')], join(folder, 'go-echo')),
    interpreted('python-asyncio', 'no Python 3', 'python3', here('peers/asyncio_echo.py')),
  ]);
  const hasLibuv = foreign.some((each) => each.name === 'c-libuv' && isPresent(each));
  const present: Contender[] = [
    ours('tcp-echo', 'raw'),
    { ...ours('tcp-echo-u32be', 'u32be'), depths: [32] },
    // Raw, with the previous one's client: how a client batches decides how much a server reads at a time.
    { ...ours('tcp-echo-raw-u32be', 'raw', 'u32be'), depths: [32] },
    { name: 'node-pipe', command: [...NODE, here('peers/pipe.ts')], framing: 'raw' },
    { name: 'node-data-write', command: [...NODE, here('peers/data-write.ts')], framing: 'raw' },
    // Where libuv is available, plain epoll adds no information.
    ...foreign
      .filter(isPresent)
      .filter(({ name }) => name !== 'c-epoll' || !hasLibuv)
      .map((program) => ({ ...program, framing: 'raw' })),
  ];
  return { present, absent: foreign.filter(isAbsent) };
}
