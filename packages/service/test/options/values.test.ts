import {
  InvalidArgumentError,
  countBetween,
  parseCount,
  parseLimit,
  parsePositiveSize,
  parseDuration,
  parseHostPort,
  parseJitter,
  parsePercent,
  parseRate,
  parseSeed,
  parseSize,
  parseTimeout,
} from '@socklab/service';
import { expect, test } from 'vitest';
import { parsePort } from '../../src/options/values.ts';

test.each([
  ['0', 0],
  ['500ms', 500],
  ['1.5s', 1500],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['2147483647ms', 2_147_483_647],
])('duration %s is %i ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['', '5', '5 s', '-1s', '1d', '0.5ms', 's', '1e3ms', '2147483648ms', '600h'])('duration %j is refused', (text) => {
  expect(() => parseDuration(text)).toThrow(InvalidArgumentError);
  expect(() => parseDuration(text)).toThrow(JSON.stringify(text));
});

test.each([
  ['0', 0],
  ['512', 512],
  ['512B', 512],
  ['64KiB', 65_536],
  ['1MiB', 1_048_576],
  ['0.5MiB', 524_288],
  ['2GiB', 2_147_483_648],
])('size %s is %i bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['', '64k', '1MB', '1 MiB', '-1', '0.3B', '1e3', '99999999999GiB', 'constructor'])('size %j is refused', (text) => {
  expect(() => parseSize(text)).toThrow(InvalidArgumentError);
  expect(() => parseSize(text)).toThrow('64KiB');
});

test('a count is a whole number, 0 or more', () => {
  expect([parseCount('0'), parseCount('007'), parseCount('1024')]).toEqual([0, 7, 1024]);
  for (const text of ['', '-1', '1.5', '1e3', '0x10', ' 1', '9007199254740993']) {
    expect(() => parseCount(text)).toThrow(InvalidArgumentError);
  }
});

test('a port is 0 to 65535', () => {
  expect([parsePort('0'), parsePort('65535')]).toEqual([0, 65_535]);
  for (const text of ['', '65536', '70000', '-1', '80a']) expect(() => parsePort(text)).toThrow('from 0 to 65535');
});

test.each([
  ['127.0.0.1:9000', { host: '127.0.0.1', port: 9000 }],
  ['tcp://127.0.0.1:9000', { host: '127.0.0.1', port: 9000 }],
  ['udp://[::1]:9000', { host: '::1', port: 9000 }],
  ['localhost:1', { host: 'localhost', port: 1 }],
  ['[::1]:9000', { host: '::1', port: 9000 }],
  ['[fe80::1%eth0]:9000', { host: 'fe80::1%eth0', port: 9000 }],
  ['unix:/run/echo.sock', { path: '/run/echo.sock' }],
  ['unix:@echo', { path: '\0echo' }],
])('%s is where to connect', (text, target) => {
  expect(parseHostPort(text)).toEqual(target);
});

test.each([
  '',
  '9000',
  'localhost',
  'localhost:',
  ':9000',
  '::1:9000',
  '[::1]',
  '[nonsense]:1',
  'unix:',
  'unix:@',
  'http://127.0.0.1:9000',
  'h:70000',
  'h:0',
])('%j is nowhere to connect', (text) => {
  expect(() => parseHostPort(text)).toThrow(InvalidArgumentError);
});

test.each([
  ['0%', 0],
  ['5%', 0.05],
  ['0.1%', 0.001],
  ['12.5%', 0.125],
  ['100%', 1],
])('%s is a share of %d', (text, share) => {
  expect(parsePercent(text)).toBeCloseTo(share, 12);
});

test.each(['', '%', '5', '0.05', '-1%', '100.1%', '5 %', '5%%', '1e1%', '.5%'])('%j is no share', (text) => {
  expect(() => parsePercent(text)).toThrow(InvalidArgumentError);
  expect(() => parsePercent(text)).toThrow('from 0% to 100%');
});

test.each([
  ['0', 0, 0],
  ['20ms', 20, 0],
  ['20ms±5ms', 20, 5],
  ['20ms+-5ms', 20, 5],
  ['1s±500ms', 1000, 500],
  ['20ms±20ms', 20, 20],
  ['20ms±0', 20, 0],
])('delay %s is %i ms, more or less %i', (text, delayMs, jitterMs) => {
  expect(parseJitter(text)).toEqual({ delayMs, jitterMs });
});

test.each([
  ['20ms±21ms', 'no longer than the delay'],
  ['20ms±5ms±1ms', 'one duration, or one and its variation'],
  ['±5ms', '"" is not a duration'],
  ['20ms±', '"" is not a duration'],
  ['20±5', '"20" is not a duration'],
  ['20ms-5ms', '"20ms-5ms" is not a duration'],
])('delay %j is refused', (text, message) => {
  expect(() => parseJitter(text)).toThrow(InvalidArgumentError);
  expect(() => parseJitter(text)).toThrow(message);
});

test.each([
  ['200/s', 200],
  ['0.5/s', 0.5],
  ['10/m', 10 / 60],
  ['7200/h', 2],
  ['off', Number.POSITIVE_INFINITY],
])('rate %s is %d a second', (text, perSecond) => {
  expect(parseRate(text)).toBe(perSecond);
});

test.each(['', '200', '0/s', '0.0/m', '-1/s', '10/d', '10/constructor', '1e3/s', '10 / s', 'OFF', `${'9'.repeat(400)}/s`])(
  'rate %j is refused',
  (text) => {
    expect(() => parseRate(text)).toThrow(InvalidArgumentError);
    expect(() => parseRate(text)).toThrow('200/s');
  },
);

test('a limit of 0 is none, and a size that cannot be empty does not take 0', () => {
  expect([parseLimit('0'), parseLimit('1')]).toEqual([Infinity, 1]);
  expect(() => parseLimit('-1')).toThrow(InvalidArgumentError);
  expect(parsePositiveSize('1')).toBe(1);
  for (const text of ['0', '0KiB', '']) expect(() => parsePositiveSize(text)).toThrow(InvalidArgumentError);
});

test('a count is a whole number within its limits, and at them', () => {
  const parse = countBetween(1, 10);
  expect([parse('1'), parse('10')]).toEqual([1, 10]);
  for (const text of ['0', '11', '1.5', '', 'x', '1e1']) expect(() => parse(text)).toThrow('give a whole number from 1 to 10');
});

test('a timeout takes at least a millisecond', () => {
  expect(parseTimeout('1ms')).toBe(1);
  expect(() => parseTimeout('0')).toThrow('"0" is too short: give at least 1ms.');
});

test('a seed is a whole number of 32 bits', () => {
  expect(['0', '1', '4294967295'].map(parseSeed)).toEqual([0, 1, 4_294_967_295]);
  for (const text of ['-1', '4294967296', '1.5', 'one', ''])
    expect(() => parseSeed(text)).toThrow(/is not a seed: give a whole number from 0 to 4294967295/);
});
