import { ownSocketInodes, readProc } from '@socklab/service';

/** Datagrams that the system threw away because a socket's receive buffer was full, counted by the system. */
export interface KernelDrops {
  /** Watches the sockets that are open by now. */
  watch(): void;
  /** Drops of all sockets watched; 0 where the system does not tell. */
  count(): number;
}

/** Makes {@link KernelDrops} from Linux' /proc; on other systems it stays 0. */
export function createKernelDrops(): KernelDrops {
  let inodes: ReadonlySet<string> = new Set();
  let highest = 0;
  return {
    watch() {
      inodes = ownSocketInodes();
    },
    count() {
      if (inodes.size === 0) return 0;
      // The tables lose a socket when it closes; what was counted stays counted.
      highest = Math.max(highest, dropsOf(readTable('udp'), inodes) + dropsOf(readTable('udp6'), inodes));
      return highest;
    },
  };
}

/**
 * The sum of the drops of sockets, by their inodes, in a table of /proc/net.
 * Its row: sl local remote st tx:rx tr:when retrnsmt uid timeout inode ref pointer drops.
 */
export function dropsOf(table: string, inodes: ReadonlySet<string>): number {
  let drops = 0;
  for (const row of table.split('\n')) {
    const columns = row.trim().split(/\s+/);
    if (inodes.has(columns[9] ?? '')) drops += Number(columns[12] ?? 0);
  }
  return drops;
}

function readTable(name: string): string {
  return readProc(`/proc/self/net/${name}`) ?? '';
}
