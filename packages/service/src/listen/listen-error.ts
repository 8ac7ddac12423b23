import { formatEndpoint } from '../base/endpoint.ts';
import { ServiceError } from '../base/exit.ts';
import { codeOf } from '../base/system-error.ts';
import { portHolder, unixHolder } from './port-holder.ts';
import type { Endpoint, Transport } from '../base/endpoint.ts';
import type { Holder } from './port-holder.ts';

/** What was attempted; part of the error message. */
export interface ListenAttempt {
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  /** The option that chose the endpoint: changing it is the way out. */
  readonly flag: string;
}

/** The error for systemd sockets where a single address is wanted. */
export function unresolved(endpoint: Endpoint): ServiceError {
  return new ServiceError(
    'SERVICE_ERR_USAGE',
    `${formatEndpoint(endpoint, 'tcp')}: only --listen takes the sockets of systemd; give fd:N here`,
  );
}

/** Turns a system error into a {@link ServiceError}; any other error is returned unchanged. */
export async function listenError(error: unknown, attempt: ListenAttempt): Promise<unknown> {
  const code = codeOf(error);
  if (error instanceof ServiceError || code === undefined) return error;
  if (code === 'EADDRINUSE') return addressInUse(attempt, error);
  const where = formatEndpoint(attempt.endpoint, attempt.transport);
  if (code === 'ENOTSUP') return reusePortUnsupported(where, error);
  const reason = explain(code, attempt);
  if (reason === undefined) return error;
  return new ServiceError('SERVICE_ERR_LISTEN', `cannot listen on ${where}: ${reason} (${code})`, {
    cause: error,
  });
}

/** Names the address, the process that has it where the system tells, and three ways out. */
async function addressInUse(attempt: ListenAttempt, cause: unknown): Promise<ServiceError> {
  const { endpoint, transport } = attempt;
  const holder = await findHolder(endpoint, transport);
  const who = holder === undefined ? 'another process, which the system does not name' : `process ${holder.pid}: ${holder.command}`;
  const message = [`address in use: ${formatEndpoint(endpoint, transport)} is held by ${who}`, ...waysOut(attempt, holder)].join('\n  ');
  return new ServiceError('SERVICE_ERR_ADDRESS_IN_USE', message, { cause });
}

async function findHolder(endpoint: Endpoint, transport: Transport): Promise<Holder | undefined> {
  if (endpoint.kind === 'ip') return portHolder(transport, endpoint.port, endpoint.host);
  if (endpoint.kind === 'unix') return unixHolder(endpoint.path);
  // An inherited descriptor is already bound, so its address cannot be in use.
  return endpoint.kind === 'abstract' ? unixHolder(`@${endpoint.name}`) : undefined;
}

function waysOut({ endpoint, transport, flag }: ListenAttempt, holder: Holder | undefined): string[] {
  const stop = holder === undefined ? 'stop the process that has it' : `stop it: kill ${holder.pid}`;
  if (endpoint.kind !== 'ip') {
    return [
      stop,
      `choose another ${endpoint.kind === 'unix' ? 'path' : 'name'} with ${flag}`,
      'or use a port: tcp://127.0.0.1:0 takes a free one',
    ];
  }
  const free = formatEndpoint({ ...endpoint, port: 0 }, transport);
  const share = flag === '--listen' ? 'share it: start both with --reuse-port' : 'wait until it is done and start again';
  return [stop, `choose another port with ${flag}; ${free} takes a free one`, share];
}

function explain(code: string, { endpoint, transport }: ListenAttempt): string | undefined {
  if (endpoint.kind === 'fd') {
    return transport === 'tcp' ? 'it is not an inherited stream socket' : 'it is not an inherited UDP socket';
  }
  return endpoint.kind === 'ip' ? explainAddress(code) : explainPath(code);
}

function explainAddress(code: string): string | undefined {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'no permission: ports below 1024 need CAP_NET_BIND_SERVICE or root';
    case 'EADDRNOTAVAIL':
      return 'this machine does not have that address';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name does not resolve';
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return 'this machine or this socket has no such address family';
    default:
      return undefined;
  }
}

function explainPath(code: string): string | undefined {
  switch (code) {
    case 'EACCES':
      return 'no permission, or the folder does not exist';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'the folder does not exist';
    case 'EROFS':
      return 'the file system is read-only';
    case 'EINVAL':
    case 'ENAMETOOLONG':
      return 'not a path a socket can have here';
    default:
      return undefined;
  }
}

function reusePortUnsupported(where: string, cause: unknown): ServiceError {
  const message = `${where}: this platform cannot share a port between processes; --reuse-port needs Linux 3.9, FreeBSD 12, DragonFly BSD 3.6, Solaris 11.4 or AIX 7.2.5`;
  return new ServiceError('SERVICE_ERR_UNSUPPORTED', message, { cause });
}
