import { isWildcard } from '@socklab/service';
import type { Interfaces } from './group.ts';
import type { Endpoint } from '@socklab/service';

/**
 * One endpoint for each address of the machine instead of a wildcard one: an answer is then sent from the address that
 * was asked, which a wildcard socket does not guarantee. Other endpoints are unchanged.
 *
 * `0.0.0.0` becomes the IPv4 addresses, `::` those of both families; link-local addresses have their zone.
 */
export function eachAddress(endpoint: Endpoint, interfaces: Interfaces): readonly Endpoint[] {
  if (endpoint.kind !== 'ip' || !isWildcard(endpoint)) return [endpoint];
  const takesIpv6 = endpoint.host.includes(':');
  const hosts: string[] = [];
  for (const [name, addresses] of Object.entries(interfaces)) {
    for (const { address, family, scopeid } of addresses ?? []) {
      if (family === 'IPv4') hosts.push(address);
      else if (takesIpv6) hosts.push(scopeid === 0 || scopeid === undefined ? address : `${address}%${name}`);
    }
  }
  return [...new Set(hosts)].map((host) => ({ ...endpoint, host }));
}
