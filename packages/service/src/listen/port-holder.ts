import { readFile, readdir, readlink } from 'node:fs/promises';
import { isWildcardHost } from '../base/endpoint.ts';
import { printable } from '../base/printable.ts';
import { canonicalHost, parseAddress } from '../base/proc-address.ts';
import { isUnreadable } from '../base/proc.ts';
import type { Transport } from '../base/endpoint.ts';

/** The process that has an address. */
export interface Holder {
  readonly pid: number;
  /** Its command line, at most 256 bytes, safe to show. */
  readonly command: string;
}

const MAX_COMMAND_BYTES = 256;
// Socket states of include/net/tcp_states.h, as /proc/net shows them. An unconnected UDP socket is "closed".
const TCP_LISTEN = '0A';
const UDP_UNCONNECTED = '07';

/**
 * Finds the process that has a port, where the system shows it: on Linux, for processes that this user may inspect.
 *
 * @param host - The wanted address; holders of other addresses do not count. A name counts as every address.
 * @returns undefined when it is not found.
 */
export async function portHolder(transport: Transport, port: number, host?: string): Promise<Holder | undefined> {
  const tables = await Promise.all([transport, `${transport}6`].map((name) => readProc(`/proc/net/${name}`)));
  const state = transport === 'tcp' ? TCP_LISTEN : UDP_UNCONNECTED;
  const rows = tables.flatMap(parseTable).filter((row) => row.port === port);
  const wanted = rows.filter((row) => overlaps(row.host, host));
  // A connection can also hold its local port against a listener; listeners come first.
  const ordered = wanted.toSorted((a, b) => Number(b.state === state) - Number(a.state === state));
  return socketHolder(ordered.map((row) => row.inode));
}

/** Finds the process that listens on a unix socket: `path` as it was bound, an abstract name with `@` in front. */
export async function unixHolder(path: string): Promise<Holder | undefined> {
  return socketHolder(await unixListeners(path));
}

/** Inodes of the sockets bound to `path` and not connected; empty where the system does not tell. */
export async function unixListeners(path: string): Promise<string[]> {
  const lines = (await readProc('/proc/net/unix')).split('\n').slice(1);
  // Num RefCount Protocol Flags Type St Inode Path; St 01 is unconnected, 03 a connection that was accepted.
  return lines
    .map((line) => /^(?:\S+\s+){5}01\s+(\d+) (.*)$/.exec(line))
    .filter((match) => match?.[2] === path)
    .map((match) => match?.[1] ?? '');
}

interface SocketRow {
  readonly host: string;
  readonly port: number;
  readonly state: string;
  readonly inode: string;
}

function parseTable(table: string): SocketRow[] {
  // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …; inode 0 belongs to nobody (TIME_WAIT).
  return table.split('\n').flatMap((line) => {
    const match = /^\s*\d+: ([\dA-F]+):([\dA-F]{4}) \S+ ([\dA-F]{2}) \S+ \S+ \S+\s+\d+\s+\d+ (\d+)/.exec(line);
    const [, address = '', portHex = '', state = '', inode = '0'] = match ?? [];
    if (match === null || inode === '0') return [];
    return [{ host: parseAddress(address), port: Number.parseInt(portHex, 16), state, inode }];
  });
}

function overlaps(held: string, wanted: string | undefined): boolean {
  if (wanted === undefined || !isAddress(wanted)) return true;
  return isWildcardHost(held) || isWildcardHost(wanted) || held === canonicalHost(wanted);
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(':');
}

async function socketHolder(inodes: readonly string[]): Promise<Holder | undefined> {
  if (inodes.length === 0) return undefined;
  const targets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pids = (await listProc('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (await hasDescriptor(pid, targets)) {
      const commandLine = await readProc(`/proc/${pid}/cmdline`);
      const command = commandLine.replace(/\0+$/, '').replaceAll('\0', ' ');
      return { pid: Number(pid), command: printable(Buffer.from(command), MAX_COMMAND_BYTES) };
    }
  }
  return undefined;
}

async function hasDescriptor(pid: string, targets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all((await listProc(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(unreadable(''))));
  return links.some((link) => targets.has(link));
}

function readProc(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(unreadable(''));
}

function listProc(path: string): Promise<string[]> {
  return readdir(path).catch(unreadable<string[]>([]));
}

/** Gone meanwhile, of another user, or not Linux: unknown. Any other error is a bug. */
function unreadable<Nothing>(nothing: Nothing): (error: unknown) => Nothing {
  return (error) => {
    if (isUnreadable(error)) return nothing;
    throw error;
  };
}
