import { canonicalAddress } from './admit.ts';

/** Whose address counts as its own without a proof: nobody's, that of this machine's programs, everybody's. */
export type Trust = 'none' | 'loopback' | 'any';

/** The values of `--trust`. */
export const TRUST: readonly Trust[] = ['none', 'loopback', 'any'];

/**
 * Tells whether the source of a datagram counts as proven. Loopback addresses do unless `trust` is `none`: systems let
 * no packet in from a network that claims one, so nobody outside can forge them. Source: RFC 1122, 3.2.1.3 (g). Linux with the
 * sysctl `route_localnet` does let them in: there it takes `none`.
 */
export function isTrusted(trust: Trust, address: string): boolean {
  if (trust === 'loopback') return isLoopback(address);
  return trust === 'any';
}

function isLoopback(address: string): boolean {
  // The two everyday cases first: this runs once per datagram.
  if (address.startsWith('127.') || address === '::1') return true;
  return address.startsWith('::ffff:') && canonicalAddress(address).startsWith('127.');
}
