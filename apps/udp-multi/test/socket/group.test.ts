import { expect, test } from 'vitest';
import { interfaceFor, joinGroup, parseGroup, sendToGroup } from '../../src/socket/group.ts';
import { eachAddress } from '../../src/socket/local-addresses.ts';
import type { Interfaces } from '../../src/socket/group.ts';
import type { UdpSocket } from '../../src/socket/socket.ts';

const INTERFACES: Interfaces = {
  lo: [
    { address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', mac: '00:00:00:00:00:00', internal: true, cidr: '127.0.0.1/8' },
    { address: '::1', netmask: 'ffff::', family: 'IPv6', mac: '00:00:00:00:00:00', internal: true, cidr: '::1/128', scopeid: 0 },
  ],
  eth0: [
    { address: '192.0.2.2', netmask: '255.255.255.0', family: 'IPv4', mac: '02:00:00:00:00:01', internal: false, cidr: '192.0.2.2/24' },
    { address: 'fe80::1', netmask: 'ffff::', family: 'IPv6', mac: '02:00:00:00:00:01', internal: false, cidr: 'fe80::1/64', scopeid: 2 },
  ],
};

test('a group is an address, and an interface when it is given', () => {
  expect(parseGroup('239.255.7.7')).toEqual({ address: '239.255.7.7', family: 'IPv4', on: undefined });
  expect(parseGroup('239.255.7.7%eth0')).toEqual({ address: '239.255.7.7', family: 'IPv4', on: 'eth0' });
  expect(parseGroup('ff02::7:7%eth0')).toEqual({ address: 'ff02::7:7', family: 'IPv6', on: 'eth0' });
});

test.each(['', '192.0.2.1', '223.255.255.255', '240.0.0.1', 'fe80::1', 'ff02::zz', 'everybody'])('%s is no group, and says so', (text) => {
  expect(() => parseGroup(text)).toThrow(/not a multicast group.*239\.255\.7\.7/);
});

function of(group: string, own: string): string | undefined {
  return interfaceFor(parseGroup(group), own, INTERFACES);
}

test('the interface is the one named, or the one of the endpoint', () => {
  expect(of('239.255.7.7', '127.0.0.1')).toBe('127.0.0.1');
  expect(of('239.255.7.7', '0.0.0.0')).toBeUndefined();
  expect(of('239.255.7.7%eth0', '0.0.0.0')).toBe('192.0.2.2');
  expect(of('239.255.7.7%192.0.2.2', '0.0.0.0')).toBe('192.0.2.2');
  expect(of('ff02::7%eth0', '::')).toBe('::%eth0');
  expect(of('ff02::7', '::1')).toBe('::%lo');
  expect(of('ff02::7', 'fe80::1%eth0')).toBe('::%eth0');
  expect(of('ff02::7', '::')).toBeUndefined();
  for (const group of ['239.255.7.7%wlan9', 'ff02::7%wlan9']) expect(() => of(group, '::')).toThrow(/wlan9.*lo, eth0/);
});

test('a wildcard endpoint becomes one for each address, link-local ones with their zone', () => {
  const hosts = (host: string): string[] =>
    eachAddress({ kind: 'ip', host, port: 9 }, INTERFACES).map((each) => (each.kind === 'ip' ? each.host : ''));
  expect(hosts('0.0.0.0')).toEqual(['127.0.0.1', '192.0.2.2']);
  expect(hosts('::')).toEqual(['127.0.0.1', '::1', '192.0.2.2', 'fe80::1%eth0']);
  expect(hosts('127.0.0.1')).toEqual(['127.0.0.1']);
  expect(eachAddress({ kind: 'fd', fd: 3 }, INTERFACES)).toEqual([{ kind: 'fd', fd: 3 }]);
});

// A loopback interface delivers whatever goes through it, so the option shows only on a real network: its calls are looked at instead.
test('a socket is told the way to the group, the hops and whether this machine hears it', () => {
  const calls: string[] = [];
  const handle = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...args: unknown[]) =>
          calls.push([name, ...args].join(' ')),
    },
  );
  const socket = { handle } as UdpSocket;
  sendToGroup(socket, '192.0.2.2', { ttl: 1, loopback: false });
  sendToGroup(socket, undefined, { ttl: 4, loopback: true });
  joinGroup(socket, parseGroup('239.255.7.7'), '192.0.2.2');
  expect(calls).toEqual([
    'setMulticastTTL 1',
    'setMulticastLoopback false',
    'setMulticastInterface 192.0.2.2',
    'setMulticastTTL 4',
    'setMulticastLoopback true',
    'addMembership 239.255.7.7 192.0.2.2',
  ]);
});
