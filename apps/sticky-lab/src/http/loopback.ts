import { BlockList, isIP, isIPv6 } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an address is this machine's own, unreachable from others: 127.0.0.0/8 and ::1, mapped to IPv6 too. */
export function isLoopbackAddress(address: string): boolean {
  return isIP(address) !== 0 && LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/**
 * Whether the Host header of a request names this machine itself. A page of another site that had its own name
 * resolve to 127.0.0.1 (DNS rebinding) sends that name here, and must not read what we serve.
 */
export function isLoopbackHost(header: string): boolean {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(header);
  return isLoopbackName(match?.[1] ?? match?.[2] ?? '');
}

/** Whether a host, by address or as `localhost`, is this machine's own. */
export function isLoopbackName(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopbackAddress(host);
}
