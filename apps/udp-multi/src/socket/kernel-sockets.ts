import { ownSocketInodes, readProc } from '@socklab/service';

/** What the system counts of our sockets: Linux tells it in /proc. */
export interface KernelSockets {
  /** Watches the sockets that are open by now. */
  watch(): void;
  /** Datagrams that were thrown away because a socket's receive buffer was full; 0 where the system does not tell. */
  drops(): number;
  /** Bytes that are in send buffers, with what the system needs for them; `undefined` where it does not tell. */
  waitingBytes(): number | undefined;
}

/** Makes {@link KernelSockets}. */
export function createKernelSockets(): KernelSockets {
  let inodes: ReadonlySet<string> = new Set();
  let highest = 0;
  const rows = (): readonly Row[] => ['udp', 'udp6'].flatMap((name) => rowsOf(readProc(`/proc/self/net/${name}`) ?? '', inodes));
  return {
    watch() {
      inodes = ownSocketInodes();
    },
    drops() {
      if (inodes.size === 0) return 0;
      // The tables lose a socket when it closes; what was counted stays counted.
      highest = Math.max(
        highest,
        rows().reduce((sum, { drops }) => sum + drops, 0),
      );
      return highest;
    },
    waitingBytes() {
      const own = inodes.size === 0 ? [] : rows();
      return own.length === 0 ? undefined : own.reduce((sum, { waitingBytes }) => sum + waitingBytes, 0);
    },
  };
}

interface Row {
  readonly waitingBytes: number;
  readonly drops: number;
}

/**
 * The rows of sockets, by their inodes, in a table of /proc/net.
 * A row: sl local remote st tx:rx tr:when retrnsmt uid timeout inode ref pointer drops.
 */
export function rowsOf(table: string, inodes: ReadonlySet<string>): readonly Row[] {
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => inodes.has(columns[9] ?? ''))
    .map((columns) => ({ waitingBytes: Number.parseInt(columns[4] ?? '0', 16), drops: Number(columns[12] ?? 0) }));
}
