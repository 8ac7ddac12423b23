import { describe, expect, test } from 'vitest';
import { isOwnAddress, resolveOwn } from '../../src/transports/ownership.ts';
import { formatTarget, parseTarget } from '../../src/transports/target.ts';

describe('a target', () => {
  test.for([
    ['127.0.0.1:7000', { kind: 'tcp', host: '127.0.0.1', port: 7000 }],
    [':7000', { kind: 'tcp', host: '127.0.0.1', port: 7000 }],
    ['localhost:1', { kind: 'tcp', host: 'localhost', port: 1 }],
    ['[::1]:65535', { kind: 'tcp', host: '::1', port: 65_535 }],
    ['[fe80::1%eth0]:80', { kind: 'tcp', host: 'fe80::1%eth0', port: 80 }],
    ['tcp://db:5432', { kind: 'tcp', host: 'db', port: 5432 }],
    ['tls://db:5432', { kind: 'tcp', host: 'db', port: 5432, tls: {} }],
    ['unix:/run/x.sock', { kind: 'unix', path: '/run/x.sock' }],
    ['unix:///run/x.sock', { kind: 'unix', path: '/run/x.sock' }],
  ] as const)('%s is read, and written again as one that is equal', ([text, target]) => {
    expect(parseTarget(text)).toEqual(target);
    expect(parseTarget(formatTarget(parseTarget(text)))).toEqual(target);
  });

  test.for([
    '',
    '7000',
    'host',
    'host:',
    'host:0',
    'host:65536',
    'host:-1',
    '::1:80',
    '[host]:80',
    'http://a:80',
    'a b:80',
    'unix:',
    `unix:/${'x'.repeat(107)}`,
  ])('throws PROBE_ERR_TARGET for %j', (text) => {
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: 'PROBE_ERR_TARGET' }));
  });
});

describe('whose a target is', () => {
  test.for(['127.0.0.1', '127.255.0.1', '10.0.0.1', '172.31.255.255', '192.168.1.1', '::1', 'fd00::1', '::ffff:10.0.0.1'])(
    '%s is loopback or private',
    (address) => {
      expect(isOwnAddress(address)).toBe(true);
    },
  );

  test.for([
    '8.8.8.8',
    '172.32.0.1',
    '192.169.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '169.254.169.254',
    'fe80::1%eth0',
    '::ffff:169.254.1.1',
    '2001:db8::1',
    '::ffff:8.8.8.8',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(isOwnAddress(address)).toBe(false);
  });

  test('a name is resolved, and what it stands for is what is connected to', async () => {
    const addresses = await resolveOwn('localhost', false);
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.every(isOwnAddress)).toBe(true);
  });

  test('throws PROBE_ERR_TARGET for a stranger, unless it is declared as own', async () => {
    await expect(resolveOwn('192.0.2.1', false)).rejects.toMatchObject({
      code: 'PROBE_ERR_TARGET',
      message: expect.stringContaining('iOwnTheTarget'),
    });
    expect(await resolveOwn('192.0.2.1', true)).toEqual(['192.0.2.1']);
  });

  test('throws PROBE_ERR_TARGET for a name that does not resolve', async () => {
    await expect(resolveOwn('no-such-host.invalid', true)).rejects.toMatchObject({ code: 'PROBE_ERR_TARGET' });
  });
});
