import { formatEndpoint } from '../base/endpoint.ts';
import { ServiceError } from '../base/exit.ts';
import type { Endpoint } from '../base/endpoint.ts';

/** Environment variables: `process.env`. */
export type Environment = Record<string, string | undefined>;

/** A socket that the service manager opened and passed on. */
export interface InheritedEndpoint {
  readonly kind: 'fd';
  readonly fd: number;
  /** `FileDescriptorName=` of its unit; by default the unit's own name, `echo.socket`. */
  readonly name: string;
}

// SD_LISTEN_FDS_START: 0, 1 and 2 are the standard streams.
const FIRST_FD = 3;
// A unit has a handful of sockets; the default limit of open files is 1024.
const MAX_FDS = 1024;
const VARIABLES = ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_PIDFDID', 'LISTEN_FDNAMES'];

/**
 * The sockets that systemd passed to the process `pid`, in the order of its socket units; none when they were
 * meant for another process, such as its parent. Source: sd_listen_fds(3).
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` when the variables contradict each other.
 */
export function inheritedEndpoints(env: Environment, pid: number): InheritedEndpoint[] {
  const count = env['LISTEN_FDS'];
  if (count === undefined || !isForUs(env, pid)) return [];
  if (!/^\d{1,9}$/.test(count) || Number(count) > MAX_FDS) {
    throw usage(`LISTEN_FDS=${JSON.stringify(count)}: the number of sockets passed on is 0 to ${MAX_FDS}`);
  }
  const names = readNames(env['LISTEN_FDNAMES'], Number(count));
  return names.map((name, index) => ({ kind: 'fd', fd: FIRST_FD + index, name }));
}

function isForUs(env: Environment, pid: number): boolean {
  return env['LISTEN_PID'] === String(pid);
}

function readNames(text: string | undefined, count: number): string[] {
  // The name that sd_listen_fds_with_names gives a socket without one.
  if (text === undefined) return Array<string>(count).fill('unknown');
  const names = text === '' && count === 0 ? [] : text.split(':');
  if (names.length === count) return names;
  throw usage(`LISTEN_FDNAMES=${JSON.stringify(text)} has ${names.length} names for ${count} sockets of LISTEN_FDS`);
}

/**
 * The default of `--listen`: the systemd sockets when some were passed to the process `pid`, else `fallback`.
 * Never throws: {@link resolveEndpoints} reports variables that contradict each other.
 */
export function defaultListen(env: Environment, pid: number, fallback: readonly Endpoint[]): readonly Endpoint[] {
  const isActivated = env['LISTEN_FDS'] !== undefined && env['LISTEN_FDS'] !== '0' && isForUs(env, pid);
  return isActivated ? [{ kind: 'systemd', name: undefined }] : fallback;
}

/**
 * Replaces `systemd` (all of them) and `systemd:NAME` (those of that name) by the inherited sockets, each socket
 * once, and removes the LISTEN_ variables from the environment: a child would take the sockets for its own.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` when there is no such socket, or the variables contradict each other.
 */
export function resolveEndpoints(endpoints: readonly Endpoint[], env: Environment, pid: number): Endpoint[] {
  const inherited = takeInherited(env, pid);
  const resolved = endpoints.flatMap((endpoint) => (endpoint.kind === 'systemd' ? inheritedBy(endpoint, inherited) : [endpoint]));
  return resolved.filter((endpoint, index) => endpoint.kind !== 'fd' || index === indexOfFd(resolved, endpoint.fd));
}

function indexOfFd(endpoints: readonly Endpoint[], fd: number): number {
  return endpoints.findIndex((endpoint) => endpoint.kind === 'fd' && endpoint.fd === fd);
}

function takeInherited(env: Environment, pid: number): InheritedEndpoint[] {
  try {
    return inheritedEndpoints(env, pid);
  } finally {
    for (const variable of VARIABLES) delete env[variable];
  }
}

function inheritedBy(endpoint: Extract<Endpoint, { kind: 'systemd' }>, inherited: readonly InheritedEndpoint[]): Endpoint[] {
  const { name } = endpoint;
  const found = inherited.filter((socket) => name === undefined || socket.name === name);
  if (found.length > 0) return found.map(({ kind, fd }) => ({ kind, fd }));
  const where = formatEndpoint(endpoint, 'tcp');
  if (inherited.length === 0) {
    throw usage(`${where}: systemd passed no socket to this process (LISTEN_FDS, LISTEN_PID); start it by its .socket unit`);
  }
  const names = [...new Set(inherited.map((socket) => socket.name))].join(', ');
  throw usage(`${where}: systemd passed no socket of that name; it passed ${names}`);
}

function usage(message: string): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', message);
}
