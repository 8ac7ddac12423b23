import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { GrowingBytes } from './growing-bytes.ts';
import type { RunScope } from '../../base/closers.ts';
import type { ChildProcess } from 'node:child_process';

/** A capture under way. */
export interface RunningCapture {
  /**
   * Looks for something in what was captured so far, a pcap file that may end anywhere, until it is found. It is looked at again when
   * more has come. `undefined` once the capture has ended without it, or `patienceMs` are over in which this process did not stand still.
   */
  find<Found>(look: (file: Uint8Array) => Found | undefined, patienceMs: number): Promise<Found | undefined>;
}

/** Why nothing is captured: the program is not installed, or it may not. */
export type NoCapture = 'absent' | 'refused';

// What is captured is looked at again with each packet, so it must stay quick to read.
const MAX_CAPTURED_BYTES = 4_194_304;
const MAX_PACKETS = 2000;
/** It says so when its filter is set, or why it does not begin. */
const BEGUN = 'listening on';
const START_PATIENCE_MS = 5000;
/** How often what was captured is looked at, at least. */
const LOOKS = 10;

/**
 * Captures on loopback what one port of TCP sends, until the run ends. It needs no rights of ours: tcpdump has them, or says that it has not.
 *
 * @param program The command. tcpdump(1): `-p` leaves the interface as it is, `-U` and `--immediate-mode` hand out each packet at once.
 */
export async function startTcpdump(program: string, port: number, scope: RunScope): Promise<RunningCapture | NoCapture> {
  const loopback = loopbackName();
  if (loopback === undefined) return 'absent';
  // The other side's end too: when this process is killed, one of both goes out, tcpdump writes it to nobody, and ends.
  const filter = `tcp src port ${port} or (tcp dst port ${port} and tcp[tcpflags] & (tcp-fin | tcp-rst) != 0)`;
  const args = ['-i', loopback, '-p', '-n', '-U', '--immediate-mode', '-c', `${MAX_PACKETS}`, '-w', '-', filter];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
  // Without a listener, a kill that is not permitted would end our process.
  child.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  const failed = once(child, 'error').then(([error]) => error as NodeJS.ErrnoException);
  const capture = new Capture(child, ended);
  scope.onClose(async () => {
    if (child.kill()) await ended;
  });
  const begun = await Promise.race([hasBegun(child), failed.then(({ code }) => (code === 'ENOENT' ? 'absent' : 'refused'))]);
  scope.signal.throwIfAborted();
  return begun === true ? capture : begun === false ? 'refused' : begun;
}

/** The name of the interface that has 127.0.0.1: `lo` on Linux, `lo0` on BSD and macOS. */
function loopbackName(): string | undefined {
  return Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({ address }) => address === '127.0.0.1'))?.[0];
}

/** Whether it captures by now; false when it ended, or said nothing for too long. */
async function hasBegun({ stderr }: ChildProcess): Promise<boolean> {
  const patience = AbortSignal.timeout(START_PATIENCE_MS);
  const stop = (): void => void stderr!.destroy();
  patience.addEventListener('abort', stop);
  let said = '';
  const begun = new Promise<boolean>((resolve) => {
    stderr!.on('data', (bytes: Buffer) => {
      said = `${said}${bytes.toString('latin1')}`.slice(-4096);
      if (said.includes(BEGUN)) resolve(true);
    });
    stderr!.once('close', () => resolve(false));
  });
  try {
    return await begun;
  } finally {
    patience.removeEventListener('abort', stop);
  }
}

class Capture implements RunningCapture {
  readonly #file = new GrowingBytes();
  #changed: () => void = () => undefined;
  #isOver = false;

  constructor(child: ChildProcess, ended: Promise<void>) {
    child.stdout!.on('data', (bytes: Uint8Array) => {
      if (this.#file.byteLength + bytes.length > MAX_CAPTURED_BYTES) child.kill();
      else this.#file.add(bytes);
      this.#changed();
    });
    void ended.then(() => {
      this.#isOver = true;
      this.#changed();
    });
  }

  async find<Found>(look: (file: Uint8Array) => Found | undefined, patienceMs: number): Promise<Found | undefined> {
    let looks = 0;
    // Counted, not timed: while this process stands still, nothing of what was captured is read.
    const timer = setInterval(() => {
      looks += 1;
      this.#changed();
    }, patienceMs / LOOKS);
    try {
      for (;;) {
        const isOver = this.#isOver || looks >= LOOKS;
        const found = look(this.#file.all);
        if (found !== undefined || isOver) return found;
        await new Promise<void>((resolve) => {
          this.#changed = resolve;
        });
      }
    } finally {
      clearInterval(timer);
    }
  }
}
