import { expect, test } from 'vitest';
import { isTrusted } from '../../src/gate/trust.ts';

test.each(['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1'])('%s is this machine', (address) => {
  expect(isTrusted('loopback', address)).toBe(true);
  expect(isTrusted('none', address)).toBe(false);
});

test.each(['192.0.2.1', '12.7.0.1', '::2', '::ffff:192.0.2.1', 'fe80::1%lo'])('%s is anybody', (address) => {
  expect(isTrusted('loopback', address)).toBe(false);
  expect(isTrusted('any', address)).toBe(true);
});
