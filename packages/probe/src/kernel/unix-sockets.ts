import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { promisify } from 'node:util';
import { delay } from '../delay.ts';
import { createPatience } from '../patience.ts';
import type { ReadState, ReadWait } from './queue-poller.ts';
import type { Socket } from 'node:net';

/** What `ss` says of unix sockets, by their inodes. */
export interface UnixTable {
  /** The unread bytes at the other end of the socket with that inode; undefined where no other end is shown. */
  readonly unreadAtPeer: ReadonlyMap<string, number>;
  readonly own: ReadonlySet<string>;
}

const MAX_TABLE_BYTES = 67_108_864;
const LONGEST_PAUSE_MS = 16;
/** Of the time that a look takes: programs are started for it. */
const PAUSE_PER_COST = 0.5;
const MISSES_UNTIL_ABSENT = 3;

const run = promisify(execFile);

/**
 * The inode of a socket of this process; undefined where Node.js does not show its descriptor: the handle is a private part, and nothing
 * is confirmed without it.
 */
export function inodeOf(socket: object): string | undefined {
  const { _handle: handle } = socket as { readonly _handle?: { readonly fd?: unknown } | null };
  const fd = handle?.fd;
  if (typeof fd !== 'number' || fd < 0) return undefined;
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1];
  } catch {
    // No /proc, or closed meanwhile.
    return undefined;
  }
}

/**
 * Reads the lines of `ss -xH`; of each the last columns are the inode, the peer's address and its inode, as a path may hold spaces.
 *
 * ```
 * u_str ESTAB 5      0      /run/x.sock 11173070 * 11173069      5 bytes of 11173069 wait to be read
 * ```
 */
export function readUnixTable(text: string): UnixTable {
  const unreadAtPeer = new Map<string, number>();
  const own = new Set<string>();
  for (const line of text.split('\n')) {
    const columns = line.trim().split(/\s+/);
    const [kind, state, unread] = columns;
    if (kind !== 'u_str' || state !== 'ESTAB' || columns.length < 8) continue;
    own.add(columns.at(-3)!);
    unreadAtPeer.set(columns.at(-1)!, Number(unread));
  }
  return { unreadAtPeer, own };
}

let looking: Promise<UnixTable | undefined> | undefined;

/** One look serves all that ask before it begins. Undefined where `ss` is not to be had. */
function look(): Promise<UnixTable | undefined> {
  looking ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    looking = undefined;
    return lookNow();
  });
  return looking;
}

async function lookNow(): Promise<UnixTable | undefined> {
  try {
    const { stdout } = await run('ss', ['-xH'], { maxBuffer: MAX_TABLE_BYTES });
    return readUnixTable(stdout);
  } catch {
    // Not Linux, not installed, or not allowed: whatever it is, nothing is to be seen.
    return undefined;
  }
}

/**
 * Waits until the peer of a unix socket has read every byte that was handed to the kernel before: its kernel queue is shown empty. The
 * bytes are in that queue as soon as they are written.
 *
 * @throws the signal's reason, once it aborts.
 */
export async function untilUnixRead(socket: object, { timeoutMs, signal }: ReadWait): Promise<ReadState> {
  const inode = inodeOf(socket);
  if (inode === undefined || !(await areUnixQueuesShown())) return 'unavailable';
  const patience = createPatience(timeoutMs);
  for (let looks = 0, misses = 0; ; looks++) {
    signal?.throwIfAborted();
    const startedAt = performance.now();
    const table = await look();
    if (table === undefined) return 'unavailable';
    const unread = table.unreadAtPeer.get(inode);
    if (unread === 0) return 'read';
    misses = unread === undefined ? misses + 1 : 0;
    if (misses === MISSES_UNTIL_ABSENT) return table.own.has(inode) ? 'unseen' : 'gone';
    const now = performance.now();
    if (patience.isOver(now)) return 'late';
    await delay(Math.max(Math.min(2 ** looks, LONGEST_PAUSE_MS), (now - startedAt) * PAUSE_PER_COST), signal);
  }
}

const SAMPLE = Buffer.from('unread');
let known: Promise<boolean> | undefined;

/** Whether bytes that wait in a unix socket are shown here. Found out once a process, with a connection that nobody reads. */
function areUnixQueuesShown(): Promise<boolean> {
  known ??= process.platform === 'linux' ? isSampleShown() : Promise.resolve(false);
  return known;
}

async function isSampleShown(): Promise<boolean> {
  const path = `\0socklab-probe-${process.pid}`;
  const server = createServer({ pauseOnConnect: true });
  server.listen(path);
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect({ path });
  try {
    const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
    await new Promise((resolve) => client.write(SAMPLE, resolve));
    const inode = inodeOf(client);
    const table = await look();
    peer.destroy();
    return inode !== undefined && table?.unreadAtPeer.get(inode) === SAMPLE.length;
  } finally {
    client.destroy();
    server.close();
  }
}
