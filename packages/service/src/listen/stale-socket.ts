import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { hasCode } from '../base/system-error.ts';
import { unixListeners } from './port-holder.ts';

/** What is at the path of a unix socket that could not be bound. */
export type Occupant =
  /** A stale socket file, with no listener behind it, was removed. */
  | 'removed'
  /** Another process listens there. */
  | 'live'
  /** Not a socket. Never touched. */
  | 'not-a-socket';

/** Removes the socket file of a process that is gone. Two processes must not do so at once: see `exclusively`. */
export async function removeStaleSocket(path: string): Promise<Occupant> {
  try {
    if (!(await lstat(path)).isSocket()) return 'not-a-socket';
    if (await isLive(path)) return 'live';
    await unlink(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  return 'removed';
}

/**
 * Asks the system first: a probing connection would look like a client. Where the system does not know the path
 * (another network namespace, another spelling of it, not Linux), only a refused connection proves that no process
 * listens.
 */
async function isLive(path: string): Promise<boolean> {
  return (await unixListeners(path)).length > 0 || !(await isRefused(path));
}

/** No permission, a full backlog or a socket of another type do not mean "nobody listens". */
async function isRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(false);
    });
    // ENOENT: another process removed it meanwhile.
    probe.once('error', (error) => resolve(hasCode(error, 'ECONNREFUSED') || hasCode(error, 'ENOENT')));
  });
}
