import { isIP } from 'node:net';
import { ProbeError } from '../errors.ts';

/** TLS on top of TCP. */
export interface TlsTarget {
  /** Whether any certificate is accepted: for test certificates. @defaultValue false */
  readonly insecure?: boolean;
  /** The name to request, which the certificate must contain. @defaultValue the host, if it is a name */
  readonly serverName?: string;
  /** Certificates to trust instead of the system's, in PEM. */
  readonly ca?: string;
}

/** The address of a target. */
export type Target =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsTarget }
  | { readonly kind: 'unix'; readonly path: string };

const URL_FORM = /^(?<scheme>tcp|tls):\/\/(?<rest>.+)$/;
const HOST_PORT = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:[\]/?#@\s]+)|):(?<port>\d+)$/;
// sockaddr_un holds 108 bytes on Linux, including a final zero; fewer elsewhere.
const LONGEST_PATH_BYTES = 107;

/**
 * Parses a target of a command line.
 *
 * ```
 * 127.0.0.1:7000   localhost:7000   [::1]:7000   :7000 (127.0.0.1)   tcp://host:7000   tls://host:7443   unix:/run/x.sock
 * ```
 *
 * @throws ProbeError `PROBE_ERR_TARGET` naming what is allowed.
 */
export function parseTarget(text: string): Target {
  if (text.startsWith('unix:')) return unixTarget(text.slice('unix:'.length).replace(/^\/\/(?=\/)/, ''));
  const { scheme, rest = text } = URL_FORM.exec(text)?.groups ?? {};
  const { six, host, port } = HOST_PORT.exec(rest)?.groups ?? {};
  const number = Number(port);
  const isHostRight = six === undefined || isIP(six.split('%')[0] ?? '') === 6;
  if (port === undefined || !isHostRight || number < 1 || number > 65_535) {
    throw wrong(
      `target ${JSON.stringify(text)}; allowed: host:port with a port from 1 to 65535, [ipv6]:port, tls://host:port and unix:/path`,
    );
  }
  return { kind: 'tcp', host: six ?? host ?? '127.0.0.1', port: number, ...(scheme === 'tls' ? { tls: {} } : {}) };
}

/** The text that {@link parseTarget} parses as this target, without TLS options. */
export function formatTarget(target: Target): string {
  if (target.kind === 'unix') return `unix:${target.path}`;
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return `${target.tls === undefined ? '' : 'tls://'}${host}:${target.port}`;
}

function unixTarget(path: string): Target {
  const byteLength = Buffer.byteLength(path);
  if (byteLength === 0 || byteLength > LONGEST_PATH_BYTES) {
    throw wrong(`unix socket path of ${byteLength} bytes; allowed: 1 to ${LONGEST_PATH_BYTES}`);
  }
  return { kind: 'unix', path };
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_TARGET', what);
}
