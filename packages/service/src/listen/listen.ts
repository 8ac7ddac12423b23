import { formatEndpoint } from '../base/endpoint.ts';
import { ServiceError } from '../base/exit.ts';
import { hasCode } from '../base/system-error.ts';
import { noteAccept } from '../connection/read-turns.ts';
import { exclusively } from './exclusively.ts';
import { listenError, unresolved } from './listen-error.ts';
import { listenDespiteBusy } from './port-busy.ts';
import { removeAtExit } from './socket-file.ts';
import { removeStaleSocket } from './stale-socket.ts';
import { untilListening } from './until-listening.ts';
import type { Endpoint } from '../base/endpoint.ts';
import type { Logger } from '../log/logger.ts';
import type { BusyOptions } from './port-busy.ts';
import type { ListenOptions as NodeListenOptions, Server } from 'node:net';

/** Options of {@link listenTcp}. */
export interface ListenOptions extends BusyOptions {
  /** Several processes accept on the port; the kernel spreads the connections. All of them must set it. @defaultValue false */
  readonly reusePort?: boolean;
  /** The option that chose the endpoint, named in errors. @defaultValue `'--listen'` */
  readonly flag?: string;
  /** Connections that wait to be accepted; the system may allow less. @defaultValue 4096 */
  readonly backlog?: number;
}

/** With 511, bursts lose connections, which retry after seconds. */
const BACKLOG = 4096;

// After a stale file is removed, another process may bind before us, and exit at once: hence several tries.
const MAX_ATTEMPTS = 3;

/**
 * Listens on an endpoint and resolves once connections are accepted.
 *
 * A unix socket file whose process is gone is replaced; the file is removed when the server closes or the process
 * exits. A socket somebody listens on, and a file that is no socket, are never removed.
 *
 * @returns The bound endpoint, with the port that the system chose for port 0.
 * @throws ServiceError `SERVICE_ERR_ADDRESS_IN_USE`, `SERVICE_ERR_LISTEN`, `SERVICE_ERR_UNSUPPORTED` or `SERVICE_ERR_USAGE`;
 * AbortError when the signal aborts before it listens.
 */
export async function listenTcp(server: Server, endpoint: Endpoint, options: ListenOptions = {}): Promise<string> {
  const { reusePort = false, log, flag = '--listen', backlog = BACKLOG } = options;
  if (reusePort && endpoint.kind !== 'ip') {
    throw new ServiceError('SERVICE_ERR_USAGE', `${formatEndpoint(endpoint, 'tcp')}: only a tcp:// port can be shared with --reuse-port`);
  }
  const listenOnce = async (where: Endpoint): Promise<string> => {
    if (where.kind === 'unix') await listenOnPath(server, where.path, { log, flag, backlog });
    else await listenOn(server, nodeOptions(where, { reusePort, backlog }));
    return formatEndpoint(actualEndpoint(server, where), 'tcp');
  };
  const explain = (error: unknown, where: Endpoint) => listenError(error, { endpoint: where, transport: 'tcp', flag });
  server.on('connection', noteAccept);
  return listenDespiteBusy({ endpoint, transport: 'tcp', listenOnce, explain }, options);
}

function listenOn(server: Server, options: NodeListenOptions): Promise<void> {
  return untilListening(server, () => server.listen(options));
}

/** How {@link listenOnPath} listens, and what it says in errors. */
interface PathOptions {
  readonly backlog: number;
  readonly log: Logger | undefined;
  readonly flag: string;
}

async function listenOnPath(server: Server, path: string, options: PathOptions): Promise<void> {
  try {
    await listenOn(server, { path, backlog: options.backlog });
  } catch (error) {
    if (!hasCode(error, 'EADDRINUSE')) throw error;
    await exclusively(path, () => takeOver(server, path, options, error));
  }
  removeAtExit(server, path);
}

/** @throws `inUse` when another process listens on the path, or keeps taking it. */
async function takeOver(server: Server, path: string, { log, flag, backlog }: PathOptions, inUse: unknown): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const occupant = await removeStaleSocket(path);
    if (occupant === 'not-a-socket') throw notASocket(path, flag);
    if (occupant === 'live') break;
    try {
      await listenOn(server, { path, backlog });
      log?.info({ path }, 'stale socket file replaced');
      return;
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE')) throw error;
    }
  }
  throw inUse;
}

function notASocket(path: string, flag: string): ServiceError {
  const message = `address in use: the file at ${path} is not a socket, so it is left alone; remove it, or choose another path with ${flag}`;
  return new ServiceError('SERVICE_ERR_ADDRESS_IN_USE', message);
}

function nodeOptions(
  endpoint: Exclude<Endpoint, { kind: 'unix' }>,
  { reusePort, backlog }: Required<Pick<ListenOptions, 'reusePort' | 'backlog'>>,
): NodeListenOptions & { readonly fd?: number } {
  if (endpoint.kind === 'ip') return { host: endpoint.host, port: endpoint.port, reusePort, backlog };
  if (endpoint.kind === 'fd') return { fd: endpoint.fd };
  if (endpoint.kind === 'systemd') throw unresolved(endpoint);
  if (process.platform === 'linux') return { path: `\0${endpoint.name}`, backlog };
  throw new ServiceError('SERVICE_ERR_UNSUPPORTED', `unix:@${endpoint.name}: only Linux has abstract sockets; use unix:/path.sock`);
}

function actualEndpoint(server: Server, endpoint: Endpoint): Endpoint {
  const address = server.address();
  if (typeof address === 'string') {
    const isAbstract = address.startsWith('\0');
    return isAbstract ? { kind: 'abstract', name: address.slice(1) } : { kind: 'unix', path: address };
  }
  return address === null ? endpoint : { kind: 'ip', host: address.address, port: address.port };
}
