import { networkInterfaces } from 'node:os';
import { isWildcardHost } from '../base/endpoint.ts';
import type { Logger } from '../log/logger.ts';
import type { NetworkInterfaceInfo } from 'node:os';

/** The interfaces of a machine, as `os.networkInterfaces` gives them. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Warns of every endpoint that is bound to all addresses of the machine, and lists these addresses. */
export function warnIfExposed(log: Logger, endpoints: readonly string[]): void {
  for (const endpoint of endpoints) {
    const reachableAt = exposedAddresses(endpoint, networkInterfaces());
    if (reachableAt === undefined) continue;
    log.warn({ endpoint, reachableAt }, 'exposed on every network of this machine; listen on 127.0.0.1 or [::1] for this machine only');
  }
}

/**
 * The endpoints at which other machines reach a wildcard bind.
 * @param endpoint - `tcp://0.0.0.0:9000`, or any other scheme with an address.
 * @returns undefined when the endpoint is no wildcard. IPv4 is included for `[::]`, which takes both.
 */
export function exposedAddresses(endpoint: string, interfaces: Interfaces): string[] | undefined {
  const match = /^(\w+:\/\/)(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)/.exec(endpoint);
  const host = match?.[2] ?? match?.[3];
  if (match === null || host === undefined || !isWildcardHost(host)) return undefined;
  const [, scheme = '', , , port = ''] = match;
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && (family === 'IPv4' || host.includes(':')))
    .map(({ address, family }) => (family === 'IPv6' ? `${scheme}[${address}]:${port}` : `${scheme}${address}:${port}`));
}
