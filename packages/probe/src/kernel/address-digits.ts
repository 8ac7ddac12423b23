import { isIPv4, isIPv6 } from 'node:net';
import { endianness } from 'node:os';

/** The tables of one network namespace: IPv4 sockets are in `tcp`, all others in `tcp6`. */
export type TableName = 'tcp' | 'tcp6';

const LITTLE_ENDIAN = endianness() === 'LE';
const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/**
 * An address as a table prints it: eight hex digits for each 32-bit word, in memory order.
 *
 * ```
 * 127.0.0.1  in tcp   0100007F                           ::1  in tcp6  00000000000000000000000001000000
 * 127.0.0.1  in tcp6  0000000000000000FFFF00000100007F        (little-endian machine)
 * ```
 *
 * Source: proc_pid_net(5); `%08X` in tcp4_seq_show and tcp6_seq_show of the Linux kernel.
 *
 * @returns undefined when that table cannot hold it: an IPv6 address in `tcp`, or text that is not an address.
 */
export function addressDigits(address: string, table: TableName): string | undefined {
  const bytes = addressBytes(address);
  if (bytes === undefined) return undefined;
  const isFour = bytes.length === 4;
  if (table === 'tcp') return isFour ? wordDigits(bytes) : undefined;
  return wordDigits(isFour ? [...MAPPED_PREFIX, ...bytes] : bytes);
}

/** The 4 or 16 bytes of an address, 4 for a v4-mapped one; a zone (`%eth0`) is ignored, as in the tables. */
export function addressBytes(address: string): readonly number[] | undefined {
  const [plain = ''] = address.split('%');
  if (isIPv4(plain)) return fourBytes(plain);
  if (!isIPv6(plain)) return undefined;
  const bytes = sixteenBytes(plain);
  return MAPPED_PREFIX.every((byte, at) => bytes[at] === byte) ? bytes.slice(12) : bytes;
}

function fourBytes(address: string): number[] {
  return address.split('.').map(Number);
}

function sixteenBytes(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const before = groupBytes(head);
  const after = groupBytes(tail ?? '');
  return [...before, ...Array.from({ length: 16 - before.length - after.length }, () => 0), ...after];
}

function groupBytes(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return fourBytes(group);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function wordDigits(bytes: readonly number[]): string {
  let digits = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.slice(at, at + 4);
    for (const byte of LITTLE_ENDIAN ? word.toReversed() : word) digits += byte.toString(16).padStart(2, '0');
  }
  return digits.toUpperCase();
}
