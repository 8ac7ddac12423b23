import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { ProbeError } from '../errors.ts';

/** Networks that belong to the user by definition. */
const OWN_NETWORKS = ownNetworks();

/**
 * Sources: RFC 1122 3.2.1.3 (loopback), RFC 1918 (private), RFC 4193 (unique local). Link-local is not one of them: clouds serve a
 * machine's secrets at 169.254.169.254.
 */
function ownNetworks(): BlockList {
  const networks = new BlockList();
  networks.addSubnet('127.0.0.0', 8, 'ipv4');
  networks.addSubnet('10.0.0.0', 8, 'ipv4');
  networks.addSubnet('172.16.0.0', 12, 'ipv4');
  networks.addSubnet('192.168.0.0', 16, 'ipv4');
  networks.addAddress('::1', 'ipv6');
  networks.addSubnet('fc00::', 7, 'ipv6');
  return networks;
}

/** Whether an IP address is loopback or private. Link-local ones are not. */
export function isOwnAddress(address: string): boolean {
  const [plain = ''] = address.split('%');
  const family = isIP(plain);
  return family !== 0 && OWN_NETWORKS.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Resolves a host once, so that the checked addresses are those that are used.
 *
 * @returns its addresses, in the order of the resolver; at least one.
 * @throws ProbeError `PROBE_ERR_TARGET` when it does not resolve, or when any of its addresses is neither loopback nor private and
 * `iOwnTheTarget` is not true.
 */
export async function resolveOwn(host: string, iOwnTheTarget: boolean): Promise<readonly string[]> {
  const addresses = isIP(host.split('%')[0] ?? '') === 0 ? await resolve(host) : [host];
  const foreign = addresses.find((address) => !isOwnAddress(address));
  if (foreign === undefined || iOwnTheTarget) return addresses;
  throw new ProbeError(
    'PROBE_ERR_TARGET',
    `${host} is ${foreign === host ? 'an address' : `at ${foreign}, an address`} neither loopback nor private; a probe may harm a server, so say that it is yours (iOwnTheTarget)`,
  );
}

async function resolve(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host, { all: true });
    if (found.length > 0) return found.map(({ address }) => address);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new ProbeError('PROBE_ERR_TARGET', `${host} does not resolve: ${String(error.code)}`, { cause: error });
  }
  throw new ProbeError('PROBE_ERR_TARGET', `${host} does not resolve to any address`);
}
