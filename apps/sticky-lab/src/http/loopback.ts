import { BlockList, isIP, isIPv6 } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether the address is a loopback address: 127.0.0.0/8 or ::1, or either mapped to IPv6. */
export function isLoopbackAddress(address: string): boolean {
  return isIP(address) !== 0 && LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/**
 * Whether the Host header of a request names this machine. A page of another site whose name resolves to 127.0.0.1
 * (DNS rebinding) sends that name, and must not read what is served here.
 */
export function isLoopbackHost(header: string): boolean {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(header);
  return isLoopbackName(match?.[1] ?? match?.[2] ?? '');
}

/** Whether a host, by address or as `localhost`, is this machine's own. */
export function isLoopbackName(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopbackAddress(host);
}
