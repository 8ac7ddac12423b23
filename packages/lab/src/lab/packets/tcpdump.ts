import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { RunScope } from '../base/closers.ts';
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Why nothing is captured: the program is not installed, or it may not. */
export type NoCapture = 'absent' | 'refused';

/** Options of {@link startTcpdump}. */
export interface TcpdumpOptions {
  /** The command. */
  readonly program: string;
  /** What to capture, as pcap-filter(7) writes it. */
  readonly filter: string;
  /** Further arguments. */
  readonly args: readonly string[];
  /** A Ctrl-C in the terminal does not end it. @defaultValue false */
  readonly outlivesInterrupt?: boolean;
}

/** A tcpdump that captures. */
export interface Tcpdump {
  /** A pcap file, as it grows. */
  readonly output: Readable;
  /** Resolves when it has ended, with the last of what it said. */
  readonly ended: Promise<string>;
  stop(): void;
}

/** It says so when its filter is set, or why it does not begin. */
const BEGUN = 'listening on';
const START_PATIENCE_MS = 5000;

/**
 * Captures on loopback until the scope ends. It needs no rights of ours: tcpdump has them, or says that it has not. When this process is killed,
 * the next packet is written to nobody, and tcpdump ends: a filter must let one through then.
 */
export async function startTcpdump(options: TcpdumpOptions, scope: Pick<RunScope, 'signal' | 'onClose'>): Promise<Tcpdump | NoCapture> {
  const loopback = loopbackName();
  if (loopback === undefined) return 'absent';
  const { program, filter, args, outlivesInterrupt = false } = options;
  // tcpdump(1): `-p` leaves the interface as it is, `-U` writes each packet as it gets it.
  const child = spawn(program, ['-i', loopback, '-p', '-n', '-U', ...args, '-w', '-', filter], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
    detached: outlivesInterrupt,
  });
  // Without a listener, a kill that is not permitted would end our process.
  child.on('error', () => undefined);
  const said = listenTo(child);
  const ended = new Promise<string>((resolve) => void child.once('close', () => resolve(said.last())));
  const failed = once(child, 'error').then(([error]) => error as NodeJS.ErrnoException);
  scope.onClose(async () => {
    if (child.kill()) await ended;
  });
  const begun = await Promise.race([hasBegun(child, said), failed.then(({ code }) => (code === 'ENOENT' ? 'absent' : 'refused'))]);
  scope.signal.throwIfAborted();
  if (begun !== true) return begun === false ? 'refused' : begun;
  return { output: child.stdout, ended, stop: () => void child.kill() };
}

/** The name of the interface that has 127.0.0.1: `lo` on Linux, `lo0` on BSD and macOS. */
function loopbackName(): string | undefined {
  return Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({ address }) => address === '127.0.0.1'))?.[0];
}

interface Said {
  /** What it said last. */
  last(): string;
  /** Resolves when it has said that it captures. */
  readonly begun: Promise<true>;
}

function listenTo({ stderr }: ChildProcess): Said {
  let said = '';
  const begun = new Promise<true>((resolve) => {
    stderr!.on('data', (bytes: Buffer) => {
      said = `${said}${bytes.toString('latin1')}`.slice(-4096);
      if (said.includes(BEGUN)) resolve(true);
    });
  });
  return { last: () => said, begun };
}

/** Whether it captures by now; false when it ended, or said nothing for too long. */
async function hasBegun({ stderr }: ChildProcess, { begun }: Said): Promise<boolean> {
  const patience = AbortSignal.timeout(START_PATIENCE_MS);
  const stop = (): void => void stderr!.destroy();
  patience.addEventListener('abort', stop);
  const silent = new Promise<false>((resolve) => void stderr!.once('close', () => resolve(false)));
  try {
    return await Promise.race([begun, silent]);
  } finally {
    patience.removeEventListener('abort', stop);
  }
}
