import { canonicalAddress } from './admit.ts';

/** Whose address counts as proven: nobody's, that of programs on this machine, everybody's. */
export type Trust = 'none' | 'loopback' | 'any';

/** The values of `--trust`. */
export const TRUST: readonly Trust[] = ['none', 'loopback', 'any'];

/**
 * Whether the source of a datagram counts as proven. Loopback addresses do unless `trust` is `none`: systems drop packets
 * from a network that claim one, so nobody outside can forge them. Source: RFC 1122, 3.2.1.3 (g). Linux with the sysctl
 * `route_localnet` does not drop them: use `none` there.
 */
export function isTrusted(trust: Trust, address: string): boolean {
  if (trust === 'loopback') return isLoopback(address);
  return trust === 'any';
}

function isLoopback(address: string): boolean {
  // Hot path, for each datagram: the two usual cases first.
  if (address.startsWith('127.') || address === '::1') return true;
  return address.startsWith('::ffff:') && canonicalAddress(address).startsWith('127.');
}
