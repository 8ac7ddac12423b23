import { expect, test } from 'vitest';
import { createNeighbors } from '../../src/gate/neighbors.ts';

const HEAD = 'IP address       HW type     Flags       HW address            Mask     Device\n';
const entry = (address: string, flags: string): string => `${address}  0x1  ${flags}  5e:1c:00:00:00:01  *  eth0\n`;

const INTERFACES = {
  lo: [{ address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', mac: '', internal: true, cidr: null }],
  eth0: [{ address: '10.77.0.1', netmask: '255.255.255.0', family: 'IPv4', mac: '5e:1c:00:00:00:02', internal: false, cidr: null }],
  tun0: [{ address: '10.8.0.1', netmask: '255.255.255.0', family: 'IPv4', mac: '00:00:00:00:00:00', internal: false, cidr: null }],
} as const;

function neighborsOf(table: () => string | undefined) {
  let reads = 0;
  const readTable = (): string | undefined => {
    reads += 1;
    return table();
  };
  const neighbors = createNeighbors({ readTable, interfaces: () => structuredClone(INTERFACES) as never });
  return { neighbors, reads: () => reads };
}

test('a machine that has answered for its address may be answered, however often', () => {
  const { neighbors, reads } = neighborsOf(() => HEAD + entry('10.77.0.9', '0x2'));
  for (let time = 0; time < 1000; time++) expect(neighbors.mayAnswer('10.77.0.9', time)).toBe(true);
  expect(neighbors.mayAnswer('::ffff:10.77.0.9', 0)).toBe(true);
  expect(reads()).toBe(1);
});

test('addresses that nobody has take a few places in a second, all of them together, and nothing from those who are there', () => {
  const { neighbors, reads } = neighborsOf(() => HEAD + entry('10.77.0.9', '0x2') + entry('10.77.0.50', '0x0'));
  const answered = Array.from({ length: 3000 }, (_, time) => neighbors.mayAnswer(`10.77.0.${50 + (time % 150)}`, time)).filter(Boolean);
  expect(answered.length).toBeLessThanOrEqual(32 + 16 * 3);
  expect(answered.length).toBeGreaterThan(32);
  expect(neighbors.mayAnswer('10.77.0.9', 3000)).toBe(true);
  expect(reads()).toBeLessThanOrEqual(31);
});

test('who has just come stands in the table when it is read again', () => {
  let table = HEAD;
  const { neighbors } = neighborsOf(() => table);
  for (let used = 0; used < 32; used++) neighbors.mayAnswer('10.77.0.9', 0);
  expect(neighbors.mayAnswer('10.77.0.9', 1)).toBe(false);
  table += entry('10.77.0.9', '0x2');
  expect(neighbors.mayAnswer('10.77.0.9', 100)).toBe(true);
});

test('addresses beyond a router or a tunnel, the machine itself, IPv6, and systems without the table are not asked about', () => {
  const { neighbors } = neighborsOf(() => HEAD);
  const free = ['10.8.0.9', '10.77.1.9', '192.0.2.1', '10.77.0.1', '127.0.0.1', '::1', 'fe80::1%eth0', '2001:db8::9'];
  for (const address of free) for (let time = 0; time < 100; time++) expect(neighbors.mayAnswer(address, 0), address).toBe(true);
  const without = neighborsOf(() => undefined).neighbors;
  for (let time = 0; time < 100; time++) expect(without.mayAnswer('10.77.0.9', 0)).toBe(true);
});
