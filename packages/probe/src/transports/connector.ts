import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ProbeError } from '../errors.ts';
import { sharedLocalPorts } from '../kernel/local-ports.ts';
import { resolveOwn } from './ownership.ts';
import { formatTarget } from './target.ts';
import type { LocalPort } from '../kernel/local-ports.ts';
import type { Target, TlsTarget } from './target.ts';
import type { Socket, TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

/** Options of {@link createConnector}. */
export interface ConnectorOptions {
  /** Timeout until a connection is ready, including its TLS handshake. @defaultValue 5000 */
  readonly connectTimeoutMs?: number;
  /** Required for targets that are neither loopback nor private: declares that probing is allowed. @defaultValue false */
  readonly iOwnTheTarget?: boolean;
  /** Called with each TCP connection before anything is written to it. */
  readonly onTcp?: (socket: Socket) => void;
}

/** Makes connections to one target. */
export interface Connector {
  /**
   * A ready connection, which stays half-open when the peer ends (`allowHalfOpen`), without Nagle's algorithm.
   *
   * @throws ProbeError `PROBE_ERR_CONNECT`, or the signal's reason.
   */
  readonly connect: (signal?: AbortSignal) => Promise<Socket>;
  /** The two halves of `connect` where TLS is spoken. */
  readonly tls?: {
    readonly connect: (signal?: AbortSignal) => Promise<Socket>;
    /** Speaks TLS over a stream, which is ready in time. @throws as `connect` does. */
    readonly secure: (stream: Duplex, signal?: AbortSignal, timeoutMs?: number) => Promise<Socket>;
  };
}

/** Timeout until a connection is ready, in milliseconds. */
export const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;

// Another socket uses that port, or the kernel does not reuse the one in TIME_WAIT.
const PORT_REFUSED_CODES: ReadonlySet<string> = new Set(['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES']);

/**
 * Makes a {@link Connector}. The name is resolved once, all of its addresses are checked, and the first that accepts a
 * connection is used from then on.
 *
 * @throws ProbeError `PROBE_ERR_TARGET` when the target must not be probed or does not resolve.
 */
export async function createConnector(
  target: Target,
  { connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS, iOwnTheTarget = false, onTcp }: ConnectorOptions = {},
): Promise<Connector> {
  const open = (options: TcpNetConnectOpts | { path: string }, signal: AbortSignal | undefined): Promise<Socket> =>
    ready(() => connectTcp({ ...options, allowHalfOpen: true }), target, connectTimeoutMs, signal);
  if (target.kind === 'unix') return { connect: (signal) => open({ path: target.path }, signal) };

  let addresses = await resolveOwn(target.host, iOwnTheTarget);
  const connectPlain = async (signal: AbortSignal | undefined): Promise<Socket> => {
    for (const [index, address] of addresses.entries()) {
      try {
        const socket = await connectFromPool(address, (localPort) =>
          open({ host: address, port: target.port, noDelay: true, ...(localPort === undefined ? {} : { localPort }) }, signal),
        );
        addresses = [address];
        onTcp?.(socket);
        return socket;
      } catch (error) {
        if (!(error instanceof ProbeError) || index === addresses.length - 1) throw error;
      }
    }
    throw connectError(target, 'it has no address');
  };
  const { tls } = target;
  if (tls === undefined) return { connect: connectPlain };
  const secure = (stream: Duplex, signal?: AbortSignal, timeoutMs: number = connectTimeoutMs): Promise<Socket> =>
    ready(() => secured(stream, target.host, tls), target, timeoutMs, signal, 'secureConnect');
  return { connect: async (signal) => secure(await connectPlain(signal), signal), tls: { connect: connectPlain, secure } };
}

function secured(socket: Duplex, host: string, { insecure = false, serverName, ca }: TlsTarget): TLSSocket {
  const name = serverName ?? (isIP(host) === 0 ? host : undefined);
  return connectTls({
    socket,
    host,
    rejectUnauthorized: !insecure,
    ...(name === undefined ? {} : { servername: name }),
    ...(ca === undefined ? {} : { ca }),
  });
}

/** From a reused port if possible, else from one that the kernel chooses. */
async function connectFromPool(address: string, open: (localPort: number | undefined) => Promise<Socket>): Promise<Socket> {
  const local = address.startsWith('127.') ? sharedLocalPorts().take() : undefined;
  if (local === undefined) return open(undefined);
  try {
    return returning(await open(local.port), local);
  } catch (error) {
    const isRefused = error instanceof ProbeError && PORT_REFUSED_CODES.has(codeOf(error.cause) ?? '');
    local.release(!isRefused);
    if (!isRefused) throw error;
    return open(undefined);
  }
}

function returning(socket: Socket, local: LocalPort): Socket {
  return socket.once('close', () => local.release(true));
}

function ready(
  open: () => Socket,
  target: Target,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  event: 'connect' | 'secureConnect' = 'connect',
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const socket = open();
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off('error', fail).off('end', end).off(event, done);
      finish();
    };
    const giveUp = (error: Error): void =>
      settle(() => {
        // It may fail once more during teardown, when nobody listens for it.
        socket.on('error', () => {});
        socket.destroy();
        reject(error);
      });
    const done = (): void => settle(() => resolve(socket));
    const fail = (error: Error): void => giveUp(connectError(target, codeOf(error) ?? error.message, error));
    const end = (): void => giveUp(connectError(target, 'the peer ended the connection before it was ready'));
    const abort = (): void => giveUp(signal?.reason as Error);
    const timer = setTimeout(() => giveUp(connectError(target, `not ready after ${timeoutMs} ms`)), timeoutMs);
    socket.on('error', fail).on(event, done);
    if (event === 'secureConnect') socket.on('end', end);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

function connectError(target: Target, why: string, cause?: Error): ProbeError {
  return new ProbeError('PROBE_ERR_CONNECT', `no connection to ${formatTarget(target)}: ${why}`, { cause });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
