import { expect, test } from 'vitest';
import { isLoopbackAddress, isLoopbackHost } from '../../src/http/loopback.ts';

test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])('%s is this machine only', (address) => {
  expect(isLoopbackAddress(address)).toBe(true);
});

test.each(['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', '::2', '::ffff:10.0.0.1', 'localhost', ''])('%s is not', (address) => {
  expect(isLoopbackAddress(address)).toBe(false);
});

test.each(['localhost', 'localhost:8080', 'LocalHost:1', '127.0.0.1', '127.0.0.1:8080', '127.9.9.9', '[::1]', '[::1]:8080'])(
  'the host %s is served',
  (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  },
);

test.each([
  '',
  'example.com',
  'example.com:8080',
  'localhost.example.com',
  '127.0.0.1.example.com',
  'localhost:',
  'localhost:1:2',
  'localhost@example.com',
  '10.0.0.1:8080',
  '[::2]:8080',
  '::1',
  '0.0.0.0',
])('the host %j is not', (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});
