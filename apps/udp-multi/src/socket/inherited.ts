import { readProc, socketInode } from '@socklab/service';

/**
 * The type that `dgram.createSocket` needs for an inherited descriptor. Node.js does not tell, and a socket of the
 * wrong type receives but cannot send; Linux lists the IPv6 sockets in /proc/net/udp6. On other systems the answer
 * is `udp4`.
 */
export function inheritedType(fd: number): 'udp4' | 'udp6' {
  const inode = socketInode(fd);
  if (inode === undefined) return 'udp4';
  const table = readProc('/proc/self/net/udp6') ?? '';
  return isListed(table, inode) ? 'udp6' : 'udp4';
}

/** Whether a table of /proc/net has the socket. Its row: sl local remote st tx:rx tr:when retrnsmt uid timeout inode … */
export function isListed(table: string, inode: string): boolean {
  return table.split('\n').some((row) => row.trim().split(/\s+/)[9] === inode);
}
