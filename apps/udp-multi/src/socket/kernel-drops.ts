import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

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
      inodes = ownSockets();
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

function ownSockets(): ReadonlySet<string> {
  const inodes = new Set<string>();
  for (const fd of attempt(() => readdirSync('/proc/self/fd')) ?? []) {
    const inode = /^socket:\[(\d+)\]$/.exec(attempt(() => readlinkSync(`/proc/self/fd/${fd}`)) ?? '')?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

function readTable(name: string): string {
  return attempt(() => readFileSync(`/proc/self/net/${name}`, 'utf8')) ?? '';
}

/** No Linux, hidden, or a descriptor that closed meanwhile: then it cannot be told. Any other error is a fault. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EPERM' || code === 'EINVAL') return undefined;
    throw error;
  }
}
