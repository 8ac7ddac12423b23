import { createKeyedBuckets } from '../gate/keyed-buckets.ts';
import type { Networks } from '../gate/rates.ts';

/**
 * Limits the copies of messages: messages times members, since a message is as much work as there are members. A copy counts for
 * 512 bytes, a longer one for several.
 */
export interface CopyRates {
  /** Takes tokens for a message of a local member, from its address, for all its members, and from its network; false when there are not enough. */
  takeMember(from: Networks, textBytes: number, receivers: number, nowMs: number): boolean;
  /** The same for a member of another replica, which does not know how many members are here. */
  takeAuthor(author: number, textBytes: number, receivers: number, nowMs: number): boolean;
}

const COPY_BYTES = 512;

/**
 * Makes the {@link CopyRates}.
 *
 * @param ratePerSecond - Copies of one address; `Infinity` is no limit. A message to more members than that takes a whole second.
 * @param networkAddresses - The limit of a network, as a multiple of that of an address.
 */
export function createCopyRates(ratePerSecond: number, networkAddresses: number): CopyRates {
  const [byAddress, byAuthor] = [createKeyedBuckets({ ratePerSecond }), createKeyedBuckets({ ratePerSecond })];
  const byNetwork = createKeyedBuckets({ ratePerSecond: ratePerSecond * networkAddresses });
  const most = Math.max(1, ratePerSecond);
  const worth = (bytes: number, receivers: number): number => Math.min(most, receivers * Math.max(1, Math.ceil(bytes / COPY_BYTES)));
  return {
    takeMember({ host, prefix }, textBytes, receivers, nowMs) {
      const copies = worth(textBytes, receivers);
      return byAddress.take(host, nowMs, copies) && byNetwork.take(prefix, nowMs, copies);
    },
    takeAuthor: (author, textBytes, receivers, nowMs) => byAuthor.take(String(author), nowMs, worth(textBytes, receivers)),
  };
}
