import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { codeOf } from '@socklab/service';
import { ClientError } from '../errors.ts';
import type { ConnectTarget } from '@socklab/service';
import type { OnReadOpts, Socket } from 'node:net';

/** TLS options of a client. */
export interface TlsClient {
  /** The certificate authorities to trust, in PEM, instead of those of Node.js. */
  readonly ca: string | undefined;
  /** Accepts any certificate. */
  readonly insecure: boolean;
  /** The server name to request and verify. @defaultValue the host of the target */
  readonly servername: string | undefined;
}

/** Where and how to connect. */
export interface OpenOptions {
  readonly target: ConnectTarget;
  /** @defaultValue none: plain TCP */
  readonly tls?: TlsClient | undefined;
  /** Timeout of connecting, TLS handshake included, in milliseconds. */
  readonly timeoutMs: number;
  /** Memory to read into, instead of a new buffer for each read. */
  readonly onread?: OnReadOpts;
  /** Cancels connecting. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a connection: half-open allowed, Nagle's algorithm off. The caller must listen for its errors.
 *
 * @throws ClientError `CLIENT_ERR_CONNECT_TIMEOUT`, `CLIENT_ERR_TLS`; Error of the system; the reason of the signal.
 */
export function openSocket({ target, tls, timeoutMs, onread, signal }: OpenOptions): Promise<Socket> {
  const shared = { ...target, noDelay: true, allowHalfOpen: true, ...(onread === undefined ? {} : { onread }) };
  const socket = tls === undefined ? connect(shared) : connectTls({ ...shared, ...tlsOptions(target, tls) });
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      socket.off('error', onError).off('close', onClose);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown): void => {
      settle();
      // A socket that is destroyed while connecting may still emit it.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => fail(signal?.reason);
    const onError = (error: Error): void => fail(tls === undefined ? error : asTlsError(error));
    const onClose = (): void =>
      fail(new ClientError('CLIENT_ERR_TLS', 'the server closed the connection before the TLS handshake completed'));
    const timer = setTimeout(() => fail(new ClientError('CLIENT_ERR_CONNECT_TIMEOUT', `no connection within ${timeoutMs} ms`)), timeoutMs);
    socket.once('error', onError).once('close', onClose);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      settle();
      resolve(socket);
    });
  });
}

function tlsOptions(target: ConnectTarget, { ca, insecure, servername }: TlsClient): object {
  // Without a host, as for a unix socket, Node.js itself checks the name "localhost".
  const host = 'host' in target ? { host: target.host } : {};
  return {
    ...host,
    ...(ca === undefined ? {} : { ca }),
    ...(servername === undefined ? {} : { servername }),
    rejectUnauthorized: !insecure,
  };
}

/** Errors of the system are unchanged; for one of TLS the message says what to do. */
function asTlsError(error: Error): Error {
  const code = codeOf(error) ?? '';
  const refuse = (text: string): ClientError => new ClientError('CLIENT_ERR_TLS', text, { cause: error });
  if (code === 'ECONNRESET') return refuse('the server closed the connection before the TLS handshake completed');
  if ('syscall' in error) return error;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return refuse(`the certificate is for another name: ${error.message}; --servername NAME checks another name, --insecure no name`);
  }
  if (/CERT|SELF_SIGNED|VERIFY/.test(code)) {
    return refuse(`the certificate is not trusted (${code}); --tls-ca FILE trusts its authority, --insecure any certificate`);
  }
  return refuse(`TLS failed (${code}): does the server speak TLS?`);
}
