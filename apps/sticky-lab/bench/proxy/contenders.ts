import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Absent } from '@socklab/bench';

/** A contender: how to start it in front of a port. It prints its own port on standard output. */
export interface Contender {
  readonly name: string;
  readonly command: (targetPort: number) => readonly string[];
  /** Whether it forks a process for each connection: their processor time cannot be read while they run. */
  readonly isForking?: boolean;
}

/** The programs that are not measured themselves. */
export interface Tools {
  /** `echo` answers, `echo sink` reads and answers nothing. */
  readonly echo: string;
  /** `feed PORT PIECE BYTES` */
  readonly feed: string;
}

const run = promisify(execFile);

/** A path beside this file, or below it. */
export function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Runs a program from source. */
export const NODE: readonly string[] = [process.execPath, '--conditions=@socklab/source'];

/** The proxy as it ships, with a plan. */
export function ours(plan: string): Contender {
  const options = `--listen tcp://127.0.0.1:0 --log-format json --admin 127.0.0.1:0 --max-connections 1000 --plan ${plan}`;
  return {
    name: plan === 'pass' ? 'sticky-lab' : `sticky-lab ${plan}`,
    // From the build, as it ships.
    command: (port) => [process.execPath, here('../../dist/main.js'), 'proxy', '--target', `127.0.0.1:${port}`, ...options.split(' ')],
  };
}

/** Compiles the tools into `folder`. @throws Error when there is no C compiler. */
export async function buildTools(folder: string): Promise<Tools> {
  const [echo = '', feed = ''] = await Promise.all(['echo', 'feed'].map((name) => buildC(name, folder)));
  return { echo, feed };
}

/** The relays that this machine can run. */
export async function relays(folder: string): Promise<{ readonly present: readonly Contender[]; readonly absent: readonly Absent[] }> {
  const others = await Promise.all([
    attempt('c', 'no C compiler, or no Linux', async () => {
      const file = await buildC('relay', folder);
      return (port) => [file, String(port)];
    }),
    attempt('go', 'no Go', async () => {
      const file = join(folder, 'go-relay');
      await run('go', ['build', '-o', file, here('peers/relay.go')]);
      return (port) => [file, String(port)];
    }),
    attempt('node-pipe', 'no Node', async () => (port) => [...NODE, here('peers/pipe.ts'), String(port)]),
    attempt('socat', 'not installed', async () => {
      await run('socat', ['-V']);
      return (port) => [
        'sh',
        '-c',
        `exec socat -d -d TCP-LISTEN:0,bind=127.0.0.1,backlog=511,nodelay,fork TCP:127.0.0.1:${port},nodelay 2>&1`,
      ];
    }),
  ]);
  return { present: [ours('pass'), ...others.filter((each) => 'command' in each)], absent: others.filter((each) => 'reason' in each) };
}

/** A relay in C that cuts, to compare the splitting with. */
export async function slicer(folder: string, pieceBytes: number): Promise<Contender> {
  const file = await buildC('relay', folder);
  return { name: `c slicer ${pieceBytes}`, command: (port) => [file, String(port), String(pieceBytes)] };
}

async function buildC(name: string, folder: string): Promise<string> {
  const file = join(folder, name);
  await run('cc', ['-O2', here(`peers/${name}.c`), '-o', file]);
  return file;
}

async function attempt(name: string, reason: string, prepare: () => Promise<Contender['command']>): Promise<Contender | Absent> {
  try {
    return { name, command: await prepare(), isForking: name === 'socat' };
  } catch {
    return { name, reason };
  }
}
