import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:tls';
import { createAddressRule, codeOf } from '@socklab/service';
import { ProxyHeaderError } from './proxy-header.ts';
import { createProxyHeaderReader } from './proxy-protocol.ts';
import type { CloseReason } from '../closing.ts';
import type { Peer } from '../session.ts';
import type { ProxyHeaderDone } from './proxy-protocol.ts';
import type { TlsIdentity } from './tls-identity.ts';
import type { Cidr } from '@socklab/service';
import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';

/** A connection that can be served: its peer, and the socket to read. */
export interface Arrived {
  readonly socket: Socket;
  readonly peer: Peer;
  /** Bytes that the socket has read and the client has not sent: a proxy's header. */
  readonly headerBytes: number;
}

/** A connection whose preamble failed. */
export class PreambleError extends Error {
  readonly reason: CloseReason;
  readonly code: string | undefined;

  constructor(reason: CloseReason, error: unknown) {
    super(error instanceof Error ? error.message : String(error), { cause: error });
    this.name = 'PreambleError';
    this.reason = reason;
    this.code = codeOf(error);
  }
}

/** Options of {@link createPreambles}. */
export interface PreambleOptions {
  /** Proxies that send the address of their client. */
  readonly proxies: readonly Cidr[];
  readonly tls: TlsIdentity | undefined;
  /** Timeout of a PROXY header and of a TLS handshake each, in milliseconds; 0 is none. */
  readonly timeoutMs: number;
}

/** What comes before the first byte of a client. */
export interface Preambles {
  /** Whether a peer of this address is a proxy, which has to send its client's address. */
  isProxy(address: string): boolean;
  /** Whether a client of this address has a preamble. */
  isNeeded(address: string): boolean;
  /** Reads the proxy's header. @throws PreambleError, with the socket destroyed. */
  readProxyHeader(arrived: Arrived): Promise<Arrived>;
  /** Does the TLS handshake. @throws PreambleError, with the socket destroyed. */
  secure(arrived: Arrived): Promise<Arrived>;
  /** Uses the reloaded TLS identity for new connections. */
  reload(): void;
}

/** Makes the preambles of one service. */
export function createPreambles({ proxies, tls, timeoutMs }: PreambleOptions): Preambles {
  const isTrusted = createAddressRule({ allow: proxies });
  const isProxy = (address: string): boolean => proxies.length > 0 && address !== '' && isTrusted(address);
  const handshakes = tls === undefined ? undefined : new Handshakes(tls, timeoutMs);
  return {
    isProxy,
    isNeeded: (address) => handshakes !== undefined || isProxy(address),
    readProxyHeader: (arrived) => readProxyHeader(arrived, timeoutMs),
    // A TLS socket counts decrypted bytes.
    secure: async (arrived) =>
      handshakes === undefined ? arrived : { ...arrived, socket: await handshakes.shake(arrived.socket), headerBytes: 0 },
    reload: () => handshakes?.reload(),
  };
}

async function readProxyHeader({ socket, peer }: Arrived, timeoutMs: number): Promise<Arrived> {
  try {
    const { source, rest } = await within(socket, timeoutMs, () => nextHeader(socket));
    if (rest.length > 0) socket.unshift(rest);
    return { socket, peer: source ?? peer, headerBytes: socket.bytesRead - rest.length };
  } catch (error) {
    socket.destroy();
    throw new PreambleError('proxy-error', error);
  }
}

function nextHeader(socket: Socket): Promise<ProxyHeaderDone> {
  const reader = createProxyHeaderReader();
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      socket.pause();
      socket.off('data', onChunk).off('end', onEnd).off('error', onError).off('close', onEnd);
      finish();
    };
    const onChunk = (chunk: Buffer): void => {
      try {
        const progress = reader.push(chunk);
        if (progress.state === 'done') settle(() => resolve(progress));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onEnd = (): void => {
      settle(() => reject(new ProxyHeaderError('PROXY_ERR_MISSING', 'the connection ended before its PROXY header')));
    };
    socket.on('data', onChunk).on('end', onEnd).on('error', onError).on('close', onEnd).resume();
  });
}

/** @throws Error `ETIMEDOUT` */
async function within<Result>(socket: Socket, timeoutMs: number, wait: () => Promise<Result>): Promise<Result> {
  if (timeoutMs === 0) return wait();
  const timedOut = Object.assign(new Error(`not complete within ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
  const timer = setTimeout(() => socket.destroy(timedOut), timeoutMs);
  try {
    return await wait();
  } finally {
    clearTimeout(timer);
  }
}

interface Handshake {
  readonly resolve: (socket: TLSSocket) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Passes sockets to a TLS server that does not listen: it verifies client certificates, and reloads its own.
 *
 * The server only reports which TLS socket is done, and that has no public link to the socket it wraps; addresses do not
 * identify it, since a new connection can have those of one whose end was not noticed yet. So each handshake runs in an
 * async context of its own, in which the server's events for it arrive.
 */
class Handshakes {
  readonly #identity: TlsIdentity;
  readonly #server: Server;
  readonly #underWay = new AsyncLocalStorage<Handshake>();
  readonly #timeoutMs: number;

  constructor(identity: TlsIdentity, timeoutMs: number) {
    this.#identity = identity;
    this.#timeoutMs = timeoutMs;
    const options = { ...identity.serverOptions, allowHalfOpen: true, pauseOnConnect: true };
    this.#server = createServer(options, (socket) => this.#underWay.getStore()?.resolve(socket));
    this.#server.on('tlsClientError', (error) => this.#underWay.getStore()?.reject(error));
  }

  async shake(socket: Socket): Promise<TLSSocket> {
    try {
      return await within(socket, this.#timeoutMs, () => this.#shake(socket));
    } catch (error) {
      socket.destroy();
      throw new PreambleError('tls-error', error);
    }
  }

  reload(): void {
    this.#server.setSecureContext(this.#identity.serverOptions);
  }

  #shake(socket: Socket): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(socket.errored ?? this.#cutShort()));
      this.#underWay.run({ resolve, reject }, () => this.#server.emit('connection', socket));
    });
  }

  /** Node closes the connection of a client whose certificate it does not trust, without an event. */
  #cutShort(): Error {
    const what = 'the connection ended before its TLS handshake was done';
    const isChecked = this.#identity.serverOptions.requestCert;
    return new Error(isChecked ? `${what}: the client left, or its certificate is not from an authority of --tls-client-ca` : what);
  }
}
