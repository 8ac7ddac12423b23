import { amendedCount, formatLoadRows, latencyRows } from '@socklab/client';
import { expect, test } from 'vitest';

test('a count names what belongs to it, but not what there is none of', () => {
  expect(amendedCount(1234, { lost: 0, late: 0 })).toBe('1,234');
  expect(amendedCount(1234, { lost: 3, late: 0, 'never sent': 1000 })).toBe('1,234 (3 lost, 1,000 never sent)');
});

test('rows stand in two columns, and each duration beneath its name', () => {
  const latency = { count: 9, minUs: 1, meanUs: 12.34, p50Us: 123.4, p90Us: 1234, p99Us: 12_340, p999Us: 123_400, maxUs: 1_234_000 };
  expect(formatLoadRows([['sockets', '64'], ...latencyRows('round trip', latency)])).toBe(
    'sockets      64\n' +
      'round trip   min      mean     p50      p90      p99      p99.9    max\n' +
      '             1.00 µs  12.3 µs  123 µs   1.23 ms  12.3 ms  123 ms   1.23 s\n',
  );
});
