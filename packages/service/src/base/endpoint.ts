import { isIPv4, isIPv6 } from 'node:net';
import { ServiceError } from './exit.ts';
import { unsupportedFamily } from './families.ts';
import { readPort } from './port.ts';

/** What carries the bytes: a stream of them, or datagrams. */
export type Transport = 'tcp' | 'udp';

/**
 * Where a service listens. A `unix` path is a file, an `abstract` name is not, an `fd` was opened by the parent
 * process. `systemd` stands for the descriptors that the service manager passed on: `resolveEndpoints` replaces it.
 */
export type Endpoint =
  | { readonly kind: 'ip'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'abstract'; readonly name: string }
  | { readonly kind: 'fd'; readonly fd: number }
  | { readonly kind: 'systemd'; readonly name: string | undefined };

// sun_path of sockaddr_un is 108 bytes on Linux, 104 elsewhere, with the NUL that ends it.
const MAX_UNIX_PATH_BYTES = process.platform === 'linux' ? 107 : 103;
// 0, 1 and 2 are the standard streams; systemd passes sockets from 3 on.
const FIRST_INHERITED_FD = 3;
// What fd_name_is_valid of systemd takes: 255 ASCII characters, no control character, no colon.
const FD_NAME = /^[\x20-\x39\x3b-\x7e]{1,255}$/;

/**
 * Reads what `--listen` takes.
 *
 * | written | meaning |
 * |---|---|
 * | `tcp://127.0.0.1:9000`, `udp://[::1]:9000`, `127.0.0.1:9000` | an address and port; port 0 is any free one |
 * | `unix:/run/echo.sock` | a socket file (tcp only) |
 * | `unix:@name` | an abstract socket, Linux only (tcp only) |
 * | `fd:3` | a socket inherited from the parent process |
 * | `systemd`, `systemd:web` | all sockets systemd passed on, or those of that name |
 *
 * @throws ServiceError `SERVICE_ERR_UNSUPPORTED` for a family Node.js does not have, `SERVICE_ERR_USAGE` for any other text.
 */
export function parseEndpoint(text: string, transport: Transport): Endpoint {
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'fd') return parseFd(text);
  if (scheme === 'systemd' || text.toLowerCase() === 'systemd') return parseSystemd(text);
  if (scheme === 'unix' && transport === 'tcp') return parseUnix(text);
  const unsupported = scheme === undefined ? undefined : unsupportedFamily(scheme, transport);
  if (unsupported !== undefined) {
    throw new ServiceError('SERVICE_ERR_UNSUPPORTED', `${text}: ${unsupported}`);
  }
  return parseAddress(text, transport);
}

/** Writes an endpoint as `--listen` takes it. */
export function formatEndpoint(endpoint: Endpoint, transport: Transport): string {
  if (endpoint.kind === 'unix') return `unix:${endpoint.path}`;
  if (endpoint.kind === 'abstract') return `unix:@${endpoint.name}`;
  if (endpoint.kind === 'fd') return `fd:${endpoint.fd}`;
  if (endpoint.kind === 'systemd') return endpoint.name === undefined ? 'systemd' : `systemd:${endpoint.name}`;
  return `${transport}://${hostPort(endpoint.host, endpoint.port)}`;
}

/** Whether the endpoint is bound to every address of the machine: `0.0.0.0`, `::` or another spelling of them. */
export function isWildcard(endpoint: Endpoint): boolean {
  return endpoint.kind === 'ip' && isWildcardHost(endpoint.host);
}

/** Whether the host is `0.0.0.0`, `::` or another spelling of them. */
export function isWildcardHost(host: string): boolean {
  if (isIPv4(host)) return host === '0.0.0.0';
  return isIPv6(host) && /^[0:]+(?:ffff:(?:0\.0\.0\.0|0+:0+)|0\.0\.0\.0)?$/i.test(host);
}

/** Writes a host and a port: `127.0.0.1:9000`, `[::1]:9000`. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function parseFd(text: string): Endpoint {
  const fd = /^fd:(\d{1,9})$/i.exec(text)?.[1];
  if (fd === undefined || Number(fd) < FIRST_INHERITED_FD) {
    throw usage(text, `an inherited descriptor is fd:N, N from ${FIRST_INHERITED_FD} on, as in fd:3`);
  }
  return { kind: 'fd', fd: Number(fd) };
}

function parseSystemd(text: string): Endpoint {
  const [, name] = /^[^:]+:(.*)$/s.exec(text) ?? [];
  if (name !== undefined && !FD_NAME.test(name)) {
    throw usage(text, 'sockets of systemd are systemd, or systemd:NAME with the FileDescriptorName= of their unit');
  }
  return { kind: 'systemd', name };
}

function parseUnix(text: string): Endpoint {
  const path = text.slice('unix:'.length);
  const isAbstract = path.startsWith('@');
  if (path.length === 0 || path === '@' || path.includes('\0')) {
    throw usage(text, 'a unix socket is unix:/path/to.sock or unix:@name');
  }
  const byteLength = Buffer.byteLength(path);
  if (byteLength > MAX_UNIX_PATH_BYTES) {
    throw usage(text, `a unix socket path has at most ${MAX_UNIX_PATH_BYTES} bytes, this one has ${byteLength}`);
  }
  return isAbstract ? { kind: 'abstract', name: path.slice(1) } : { kind: 'unix', path };
}

function parseAddress(text: string, transport: Transport): Endpoint {
  const scheme = `${transport}://`;
  const address = text.toLowerCase().startsWith(scheme) ? text.slice(scheme.length) : text;
  const match = /^(?:\[([^[\]]*)\]|([^:[\]/\s]*)):([^:/\s]*)$/.exec(address);
  if (match === null) throw usage(text, `not an endpoint: give ${allowedForms(transport)}`);
  const [, bracketed, plain, portText] = match;
  const host = bracketed === undefined ? checkHost(text, plain ?? '') : checkIpv6(text, bracketed);
  return { kind: 'ip', host, port: checkPort(text, portText ?? '') };
}

function checkIpv6(text: string, host: string): string {
  if (isIPv6(host)) return host;
  throw usage(text, `${JSON.stringify(host)} in brackets is not an IPv6 address`);
}

function checkHost(text: string, host: string): string {
  if (host === '' || host === '*') {
    throw usage(text, 'the host is missing: 127.0.0.1 is this machine only, 0.0.0.0 every address');
  }
  // Digits and dots are meant as IPv4; as a name they would go to DNS and fail there.
  const isName = /^[\w.-]+$/.test(host) && !/^[\d.]+$/.test(host);
  if (isIPv4(host) || isName) return host;
  throw usage(text, `${JSON.stringify(host)} is neither an IPv4 address nor a host name`);
}

function checkPort(text: string, portText: string): number {
  const port = readPort(portText);
  if (port !== undefined) return port;
  throw usage(text, `${JSON.stringify(portText)} is not a port: give a whole number from 0 to 65535`);
}

function allowedForms(transport: Transport): string {
  const files = transport === 'tcp' ? ', unix:/path.sock, unix:@name' : '';
  return `${transport}://127.0.0.1:9000, ${transport}://[::1]:9000${files}, fd:3 or systemd`;
}

function usage(text: string, reason: string): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', `${text}: ${reason}`);
}
