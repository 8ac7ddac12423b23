import { expect, test } from 'vitest';
import { createNeighbors } from '../../src/gate/neighbors.ts';
import type { Neighbors } from '../../src/gate/neighbors.ts';

const HEAD = 'IP address       HW type     Flags       HW address            Mask     Device\n';
const entry = (address: string, flags: string): string => `${address}  0x1  ${flags}  5e:1c:00:00:00:01  *  eth0\n`;

const MAC = '5e:1c:00:00:00:02';
const INTERFACES = {
  lo: [{ address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', mac: '', internal: true, cidr: '127.0.0.1/8' }],
  eth0: [
    { address: '10.77.0.1', netmask: '255.255.255.0', family: 'IPv4', mac: MAC, internal: false, cidr: '10.77.0.1/24' },
    { address: '10.77.0.2', netmask: '255.255.255.0', family: 'IPv4', mac: MAC, internal: false, cidr: '10.77.0.2/24' },
    { address: 'fd77::1', netmask: 'ffff:ffff:ffff:ffff::', family: 'IPv6', mac: MAC, internal: false, cidr: 'fd77::1/64', scopeid: 0 },
    { address: 'fe80::1', netmask: 'ffff:ffff:ffff:ffff::', family: 'IPv6', mac: MAC, internal: false, cidr: 'fe80::1/64', scopeid: 2 },
  ],
  tun0: [{ address: '10.8.0.1', netmask: '255.255.255.0', family: 'IPv4', mac: '00:00:00:00:00:00', internal: false, cidr: '10.8.0.1/24' }],
} as const;

const BUFFER_BYTES = 425_984;
/** The system gives a machine up after three seconds. */
const GIVEN_UP_MS = 3000;

/** A system whose send buffer keeps what is sent to machines that are not there. */
class System {
  readonly there = new Set<string>();
  readonly neighbors: Neighbors;
  tableReads = 0;
  looks = 0;
  nowMs = 0;
  #kept: readonly { readonly bytes: number; readonly untilMs: number }[] = [];

  constructor() {
    this.neighbors = createNeighbors({
      readTable: () => {
        this.tableReads += 1;
        return HEAD + [...this.there].map((address) => entry(address, '0x2')).join('');
      },
      interfaces: () => structuredClone(INTERFACES) as never,
      waitingBytes: () => {
        this.looks += 1;
        return this.waiting;
      },
      bufferBytes: () => BUFFER_BYTES,
      clock: () => 0,
    });
  }

  get waiting(): number {
    this.#kept = this.#kept.filter(({ untilMs }) => untilMs > this.nowMs);
    return this.#kept.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Sends, when it may. */
  send(address: string, bytes: number = 8): boolean {
    if (!this.neighbors.maySend(address, bytes, this.nowMs)) return false;
    if (!this.there.has(address)) this.#kept = [...this.#kept, { bytes: 768 + 1.5 * bytes, untilMs: this.nowMs + GIVEN_UP_MS }];
    this.neighbors.sent();
    return true;
  }
}

const FORGED = { IPv4: (index: number) => `10.77.0.${20 + (index % 200)}`, IPv6: (index: number) => `fd77::dead:${index.toString(16)}` };
const HONEST = { IPv4: '10.77.0.9', IPv6: 'fd77::9' };

test.each(['IPv4', 'IPv6'] as const)(
  '%s: who was there before a flood of absent machines is answered, and half of the buffer is free',
  (family) => {
    for (const bytes of [8, 1400, 8000, 30_000]) {
      const system = new System();
      system.there.add(HONEST[family]);
      for (; system.nowMs < 100; system.nowMs += 10) expect(system.send(HONEST[family])).toBe(true);
      let passed = 0;
      for (; system.nowMs < 10_000; system.nowMs += 2) {
        if (system.send(FORGED[family](system.nowMs), bytes)) passed += 1;
        expect(system.waiting).toBeLessThan(BUFFER_BYTES / 2);
        if (system.nowMs % 200 === 0) expect(system.send(HONEST[family])).toBe(true);
      }
      expect(passed).toBeGreaterThan(3);
      expect(system.tableReads).toBeLessThanOrEqual(102);
    }
  },
);

test('IPv6: who comes during the flood is found before long, and answered from then on', () => {
  const system = new System();
  const flood = (forMs: number): void => {
    for (const end = system.nowMs + forMs; system.nowMs < end; system.nowMs += 2) system.send(FORGED.IPv6(system.nowMs));
  };
  flood(5000);
  system.there.add(HONEST.IPv6);
  // Not in step with the flood, which would always come first.
  const answered = Array.from({ length: 100 }, (_, index) => {
    flood(103 + 2 * (index % 7));
    return system.send(HONEST.IPv6);
  });
  expect(answered.slice(60)).not.toContain(false);
});

test.each(['IPv4', 'IPv6'] as const)(
  '%s: machines that were there and are gone take no more than half, and those still there are found again',
  (family) => {
    const system = new System();
    const gone = Array.from({ length: 6 }, (_, index) => FORGED[family](index));
    for (const address of [...gone, HONEST[family]]) system.there.add(address);
    for (; system.nowMs < 100; system.nowMs += 10) for (const address of [...gone, HONEST[family]]) system.send(address);
    for (const address of gone) system.there.delete(address);
    let lost = 0;
    for (; system.nowMs < 10_000; system.nowMs += 10) {
      for (const address of gone) system.send(address);
      if (!system.send(HONEST[family])) lost += 1;
      expect(system.waiting).toBeLessThan(0.75 * BUFFER_BYTES);
    }
    expect(lost).toBeLessThan(50);
  },
);

test('while little waits, nobody has to show anything, and the buffer is seldom looked at', () => {
  const system = new System();
  for (; system.nowMs < 1000; system.nowMs += 0.5) {
    const address = `fd77::1:${(system.nowMs * 2).toString(16)}`;
    system.there.add(address);
    expect(system.send(address)).toBe(true);
  }
  expect(system.looks).toBeLessThanOrEqual(100);
  system.looks = 0;
  system.there.add(HONEST.IPv6);
  for (const end = system.nowMs + 1000; system.nowMs < end; system.nowMs += 0.5) expect(system.send(HONEST.IPv6)).toBe(true);
  expect(system.looks).toBeLessThanOrEqual(15);
});

test('who has just come over IPv4 stands in the table when it is read again', () => {
  const system = new System();
  for (let index = 0; system.send(FORGED.IPv4(index)); index++);
  expect(system.send(HONEST.IPv4)).toBe(false);
  system.there.add(HONEST.IPv4);
  system.nowMs = 100;
  expect(system.send(HONEST.IPv4)).toBe(true);
  expect(system.send('::ffff:10.77.0.9')).toBe(true);
});

test('addresses beyond a router or a tunnel, the own ones and broadcast are not asked about, nor any where the system does not tell', () => {
  const system = new System();
  for (let index = 0; system.send(FORGED.IPv4(index)); index++);
  const free = [
    '10.8.0.9',
    '10.77.1.9',
    '192.0.2.1',
    '10.77.0.1',
    '10.77.0.2',
    '10.77.0.255',
    '127.0.0.1',
    '::1',
    'fd77::1',
    'fd78::9',
    '2001:db8::9',
  ];
  for (const address of free) for (let time = 0; time < 100; time++) expect(system.neighbors.maySend(address, 8, 0), address).toBe(true);
  const without = createNeighbors({
    readTable: () => undefined,
    interfaces: () => structuredClone(INTERFACES) as never,
    waitingBytes: () => undefined,
    bufferBytes: () => BUFFER_BYTES,
  });
  for (const address of ['10.77.0.9', 'fd77::9', 'fe80::9%eth0'])
    for (let time = 0; time < 1000; time++) expect(without.maySend(address, 60_000, time), address).toBe(true);
});
