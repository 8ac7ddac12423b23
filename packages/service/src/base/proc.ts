import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { codeOf } from './system-error.ts';

/** Not this system, hidden, another user's, or gone meanwhile. */
const UNREADABLE_CODES = new Set(['ENOENT', 'EACCES', 'EPERM', 'ESRCH', 'EINVAL']);

/** Whether an error means that a part of `/proc` cannot be read; any other error is a bug. */
export function isUnreadable(error: unknown): boolean {
  return UNREADABLE_CODES.has(codeOf(error) ?? '');
}

/** The text of a file of `/proc`; `undefined` where it cannot be read. */
export function readProc(path: string): string | undefined {
  return attempt(() => readFileSync(path, 'latin1'));
}

/** The inode of the socket that a descriptor of this process is; `undefined` when it is none, or cannot be read. */
export function socketInode(fd: number | string): string | undefined {
  const link = attempt(() => readlinkSync(`/proc/self/fd/${fd}`)) ?? '';
  return /^socket:\[(\d+)\]$/.exec(link)?.[1];
}

/** The inodes of all sockets of this process; none where they cannot be read. */
export function ownSocketInodes(): ReadonlySet<string> {
  const inodes = (attempt(() => readdirSync('/proc/self/fd')) ?? []).map(socketInode);
  return new Set(inodes.filter((inode) => inode !== undefined));
}

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}
