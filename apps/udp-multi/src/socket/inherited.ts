import { readFile, readlink } from 'node:fs/promises';

/**
 * The type `dgram.createSocket` needs for an inherited descriptor. Node.js does not tell, and a socket made with the
 * wrong one receives but cannot send; Linux lists the IPv6 sockets in /proc/net/udp6. Elsewhere the answer is `udp4`.
 */
export async function inheritedType(fd: number): Promise<'udp4' | 'udp6'> {
  const link = await readlink(`/proc/self/fd/${fd}`).catch(untold);
  const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
  if (inode === undefined) return 'udp4';
  const table = await readFile('/proc/self/net/udp6', 'utf8').catch(untold);
  return isListed(table, inode) ? 'udp6' : 'udp4';
}

/** Whether a table of /proc/net has the socket. Its row: sl local remote st tx:rx tr:when retrnsmt uid timeout inode … */
export function isListed(table: string, inode: string): boolean {
  return table.split('\n').some((row) => row.trim().split(/\s+/)[9] === inode);
}

/** No Linux, no such descriptor, or hidden: then it cannot be told. Any other error is a fault. */
function untold(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EPERM' || code === 'EINVAL') return '';
  throw error;
}
