import { BlockList, isIP, isIPv6 } from 'node:net';
import { printable } from '../base/printable.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

// A DNS name has at most 253 bytes: of a refused name no more is read.
const MAX_SHOWN_BYTES = 256;

/** Whether the address is a loopback address: 127.0.0.0/8 or ::1, or either mapped to IPv6. */
export function isLoopbackAddress(address: string): boolean {
  return isIP(address) !== 0 && LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/**
 * Says why a request from this machine is not answered, by its Host header. A page of another site whose name
 * resolves to 127.0.0.1 (DNS rebinding) sends that name; its scripts must not read what is served here.
 *
 * @param boundHosts - Names and addresses that the server was told to listen on.
 * @returns undefined when the header names this machine.
 */
export function foreignHost(header: string, boundHosts: readonly string[]): string | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(header);
  const host = (match?.[1] ?? match?.[2] ?? '').toLowerCase();
  if (host === 'localhost' || isLoopbackAddress(host) || boundHosts.includes(host)) return undefined;
  const allowed = [...new Set(['localhost', '127.0.0.1', '[::1]', ...boundHosts])].join(', ');
  return `forbidden: Host is ${printable(Buffer.from(header), MAX_SHOWN_BYTES)}, which is not this machine; allowed: ${allowed}`;
}
