import process from 'node:process';
import { ProbeError } from '../errors.ts';
import { unseenReads } from './binary.ts';
import { readsLibrary } from './library.ts';
import { createReadTable } from './read-table.ts';
import { createReadWatch } from './read-watch.ts';
import type { Unseen } from './binary.ts';
import type { ReadTable } from './read-table.ts';
import type { ReadWatch } from './read-watch.ts';

/** A library that is loaded into a program which is about to be started, and what it counts. */
export interface Preload {
  /** What the program needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly table: Omit<ReadTable, 'close'>;
  readonly watch: ReadWatch;
  /**
   * Called after the program has answered.
   *
   * @throws ProbeError `PROBE_ERR_DELIVERY` when nothing was counted.
   */
  check(): void;
  close(): void;
}

const INSTEAD = 'take the pace drain, which looks into the tables of the kernel';
const REASONS: Readonly<Record<Unseen, string>> = {
  static: 'is a static program, which loads no library',
  go: 'is a Go program, which reads by system calls of its own',
};

/**
 * Prepares to see the reads of a program.
 *
 * @param words its command
 * @param port where it will listen
 * @throws ProbeError `PROBE_ERR_DELIVERY` on systems other than Linux, without a C compiler, and for programs whose reads no library sees.
 */
export async function createPreload([program = '']: readonly string[], port: number): Promise<Preload> {
  if (process.platform !== 'linux') throw wrong(`the pace preload works on Linux only, this is ${process.platform}: take another pace`);
  if (port === 0) throw wrong('the pace preload counts what is read from TCP connections: take the pace drain for unix sockets');
  const unseen = await unseenReads(program);
  if (unseen !== undefined) throw wrong(`${program} ${REASONS[unseen]}, so the pace preload sees none of its reads: ${INSTEAD}`);
  const library = await readsLibrary();
  const table = createReadTable(port);
  const { LD_PRELOAD: others } = process.env;
  return {
    env: { LD_PRELOAD: others === undefined || others === '' ? library : `${others}:${library}`, SOCKLAB_READS: table.path },
    table,
    watch: createReadWatch(table),
    check() {
      if (table.totalBytes > 0) return;
      const why =
        table.loads === 0
          ? 'none of its processes has loaded the library: is it static, or run with the rights of another user?'
          : 'it answered, and no read of it was counted: static programs, Go, io_uring and the streams of stdio do not read by the functions of libc that can be replaced';
      throw wrong(`${program}: ${why}; ${INSTEAD}`);
    },
    close: () => table.close(),
  };
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_DELIVERY', what);
}
