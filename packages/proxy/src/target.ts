import { isIP } from 'node:net';
import { ProbeError, resolveOwn } from '@socklab/probe';
import { ServiceError } from '@socklab/service';
import type { ConnectTarget } from '@socklab/service';
import type { LookupFunction } from 'node:net';

/** Address to connect to, with the result of the name lookup that was checked. */
export type CheckedTarget = ConnectTarget & { readonly lookup?: LookupFunction };

/**
 * Checks that a target is on this machine or in a private network, or that the user declares to own it. A name is resolved
 * once, so that the address checked is the address connected to.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` if it is none of these or cannot be resolved.
 */
export async function checkTarget(target: ConnectTarget, isOwned: boolean): Promise<CheckedTarget> {
  if ('path' in target) return target;
  const addresses = await ownAddresses(target.host, isOwned);
  const [first = target.host] = addresses;
  if (addresses.length === 1) return { host: first, port: target.port };
  const resolved = addresses.map((address) => ({ address, family: isIP(address) }));
  return {
    ...target,
    lookup: (_host, { all }, callback) => (all === true ? callback(null, resolved) : callback(null, first, isIP(first))),
  };
}

async function ownAddresses(host: string, isOwned: boolean): Promise<readonly string[]> {
  try {
    return await resolveOwn(host, isOwned);
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    throw new ServiceError('SERVICE_ERR_USAGE', error.message.replace('(iOwnTheTarget)', '(--i-own-the-target)'), { cause: error });
  }
}
