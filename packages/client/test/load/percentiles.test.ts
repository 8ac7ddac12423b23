import { createHistogram } from 'node:perf_hooks';
import { formatMicroseconds, summarizeLatency } from '@socklab/client';
import { expect, test } from 'vitest';

test('sums up nanoseconds in microseconds', () => {
  const histogram = createHistogram();
  for (let value = 1; value <= 1000; value += 1) histogram.record(value * 1000);
  const summary = summarizeLatency(histogram);
  expect(summary).toEqual({
    count: 1000,
    minUs: 1,
    meanUs: expect.closeTo(500.5, 0),
    p50Us: expect.closeTo(500, 0),
    p90Us: expect.closeTo(900, 0),
    p99Us: expect.closeTo(990, 0),
    p999Us: expect.closeTo(999, 0),
    maxUs: expect.closeTo(1000, 0),
  });
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
});

test('one value is all of them', () => {
  const histogram = createHistogram();
  histogram.record(1500);
  const { count, ...values } = summarizeLatency(histogram) ?? expect.fail('nothing was recorded');
  expect(count).toBe(1);
  expect(new Set(Object.values(values))).toEqual(new Set([1.5]));
});

test('nothing recorded is no summary', () => {
  expect(summarizeLatency(createHistogram())).toBeUndefined();
});

test.each([
  [0, '0.00 µs'],
  [0.999, '1.00 µs'],
  [9.994, '9.99 µs'],
  [9.996, '10.0 µs'],
  [99.94, '99.9 µs'],
  [99.96, '100 µs'],
  [999.4, '999 µs'],
  [999.6, '1.00 ms'],
  [999_400, '999 ms'],
  [999_600, '1.00 s'],
  [60_000_000, '60.0 s'],
  [3_600_000_000, '3600 s'],
])('%d µs is written %s', (valueUs, text) => {
  expect(formatMicroseconds(valueUs)).toBe(text);
});
