import { parseCidr, createAddressRule } from '@socklab/service';
import { expect, test } from 'vitest';
import { LOW_SERVICE_PORTS, SERVICE_PORTS } from '../../src/gate/admit.ts';
import { DROP_REASONS } from '../../src/gate/drop-reasons.ts';
import { createGate } from '../../src/gate/gate.ts';
import { peerAt } from './fake-channel.ts';
import type { GateOptions } from '../../src/gate/gate.ts';
import type { Peer } from '../../src/peers.ts';

const OPTIONS: GateOptions = {
  rules: { own: [{ address: '192.0.2.200', port: 9000 }], broadcasts: new Set(['192.0.2.255']) },
  trust: 'loopback',
  maxDatagram: 100,
  rateIp: 2,
  ratePrefix: 4,
  rateTotal: 6,
  ipv6Prefix: 56,
  loopMax: 3,
  isAllowed: createAddressRule({ deny: [parseCidr('198.51.100.0/24')] }),
  isBlocked: ({ port }) => port === 6666,
};

/** The verdicts of one gate on datagrams of these peers, all at one time, each with a payload of its own. */
function verdicts(peers: readonly Peer[], options: Partial<GateOptions> = {}): readonly string[] {
  const gate = createGate({ ...OPTIONS, ...options });
  return peers.map((peer, index) => gate.check(Buffer.from(`payload ${index}`), peer, 0));
}

function times(count: number, peer: (index: number) => Peer): Peer[] {
  return Array.from({ length: count }, (_, index) => peer(index));
}

test.each([
  ['source-port-low', peerAt(1023)],
  ['source-port-low', peerAt(0)],
  ['source-port-service', peerAt(11_211)],
  ['source-unspecified', peerAt(4000, '0.0.0.0')],
  ['source-multicast', peerAt(4000, '239.255.7.7')],
  ['source-broadcast', peerAt(4000, '192.0.2.255')],
  ['source-reserved', peerAt(4000, '250.0.0.1')],
  ['source-own-endpoint', peerAt(9000, '192.0.2.200')],
  ['denied', peerAt(4000, '198.51.100.9')],
  ['denied', peerAt(4000, '::ffff:198.51.100.9')],
  ['blocked', peerAt(6666)],
  ['answer', peerAt(4000)],
  ['answer', peerAt(4000, '127.0.0.1')],
])('%s: %o', (verdict, peer) => {
  expect(verdicts([peer])).toEqual([verdict]);
});

test('a datagram of the longest length is answered, one byte more is too-long', () => {
  const gate = createGate(OPTIONS);
  expect(gate.check(Buffer.alloc(100), peerAt(4000), 0)).toBe('answer');
  expect(gate.check(Buffer.alloc(101), peerAt(4001), 0)).toBe('too-long');
});

test('a group is answered to proven addresses only', () => {
  const gate = createGate(OPTIONS);
  expect(gate.check(Buffer.from('x'), peerAt(4000), 0, true)).toBe('group-unproven');
  expect(gate.check(Buffer.from('x'), peerAt(4000, '127.0.0.1'), 0, true)).toBe('answer');
});

test('one address has its rate, its /24 another, all together a third', () => {
  expect(verdicts(times(3, () => peerAt(4000)))).toEqual(['answer', 'answer', 'rate-ip']);
  const neighbours = verdicts(times(5, (index) => peerAt(4000, `192.0.2.${index}`)));
  expect(neighbours).toEqual(['answer', 'answer', 'answer', 'answer', 'rate-prefix']);
  const strangers = verdicts(times(7, (index) => peerAt(4000, `192.0.${index}.1`)));
  expect(strangers.filter((verdict) => verdict === 'answer')).toHaveLength(6);
  expect(strangers[6]).toBe('rate-total');
});

test('an IPv4 address is one, mapped to IPv6 or not, for its own rate and that of its network', () => {
  const spelled = ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201'];
  expect(verdicts(spelled.map((host) => peerAt(4000, host)))).toEqual(['answer', 'answer', 'rate-ip']);
});

test('an IPv6 network is as long as it is told', () => {
  const gate = createGate({ ...OPTIONS, ipv6Prefix: 64 });
  const verdict = (host: string): string => gate.check(Buffer.from(host), peerAt(4000, host), 0);
  expect(Array.from({ length: 5 }, (_, index) => verdict(`2001:db8::${index}`))[4]).toBe('rate-prefix');
  expect(verdict('2001:db8:0:1::1')).toBe('answer');
});

test('an IPv6 network is a /56', () => {
  const inside = verdicts(times(5, (index) => peerAt(4000, `2001:db8:0:${index}::1`)));
  expect(inside[4]).toBe('rate-prefix');
  const outside = verdicts(times(5, (index) => peerAt(4000, `2001:db8:${index}::1`)));
  expect(outside[4]).toBe('answer');
});

test('a rate comes back with time', () => {
  const gate = createGate(OPTIONS);
  const at = (nowMs: number, text: string): string => gate.check(Buffer.from(text), peerAt(4000), nowMs);
  expect([at(0, 'a'), at(0, 'b'), at(0, 'c'), at(499, 'd'), at(500, 'e')]).toEqual(['answer', 'answer', 'rate-ip', 'rate-ip', 'answer']);
});

test('proven addresses have no rate, and with --trust none nobody is proven', () => {
  const local = times(50, (index) => peerAt(4000 + index, index % 2 === 0 ? '127.0.0.1' : '::1'));
  expect(new Set(verdicts(local))).toEqual(new Set(['answer']));
  expect(verdicts(local, { trust: 'none' })).toContain('rate-ip');
  expect(
    new Set(
      verdicts(
        times(50, () => peerAt(4000)),
        { trust: 'any' },
      ),
    ),
  ).toEqual(new Set(['answer']));
});

test('one turn too many of the same exchange is a loop, on loopback too', () => {
  const gate = createGate(OPTIONS);
  const repeated = times(5, () => peerAt(4000, '127.0.0.1')).map((peer) => gate.check(Buffer.from('same'), peer, 0));
  expect(repeated).toEqual(['answer', 'answer', 'answer', 'loop', 'loop']);
});

test('with a lower limit, ports of services below 1024 are refused by their number', () => {
  const gate = createGate({ ...OPTIONS, trust: 'any', rules: { ...OPTIONS.rules, minSourcePort: 1 } });
  for (const port of LOW_SERVICE_PORTS) expect(gate.check(Buffer.from(`${port}`), peerAt(port), 0)).toBe('source-port-service');
  for (const port of SERVICE_PORTS) expect(gate.check(Buffer.from(`${port}`), peerAt(port), 0)).toBe('source-port-service');
  expect(gate.check(Buffer.from('x'), peerAt(1000), 0)).toBe('answer');
  expect(gate.check(Buffer.from('x'), peerAt(0), 0)).toBe('source-port-low');
});

test('every verdict is a reason that is counted', () => {
  const seen = new Set([...verdicts(times(9, () => peerAt(4000))), ...verdicts([peerAt(0), peerAt(6666)])]);
  seen.delete('answer');
  for (const reason of seen) expect(DROP_REASONS).toContain(reason);
});

test('100,000 sources do not make it grow', () => {
  const gate = createGate({ ...OPTIONS, rateTotal: Infinity });
  const fill = (round: number): void => {
    for (let index = 0; index < 100_000; index++) {
      const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
      gate.check(Buffer.from([round, index]), peerAt(1024 + (index % 60_000), address), round);
    }
  };
  fill(0);
  const before = heapUsed();
  for (let round = 1; round <= 3; round++) fill(round);
  expect(heapUsed() - before).toBeLessThan(4 * 1024 * 1024);
});

function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error('these tests need --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
