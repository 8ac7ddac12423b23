import { createMetrics } from '@socklab/service';
import { expect, test } from 'vitest';
import { sumMetrics, sumMetricsText, whatOnlyGrows } from '../../src/workers/metrics.ts';
import { createDeaths } from '../../src/workers/slot.ts';
import type { MetricSnapshot } from '../../src/workers/metrics.ts';

async function processWith(messages: number, dropped: Readonly<Record<string, number>>, open: number): Promise<MetricSnapshot[]> {
  const metrics = createMetrics('demo');
  metrics.counterOf('messages_total', 'Messages', () => messages);
  metrics.countersOf('dropped_total', 'Dropped', 'reason', () => dropped);
  metrics.gaugeOf('open', 'Open', () => open);
  metrics.histogram('frame_bytes', 'Sizes', [10, 100]).observe(messages);
  return (await metrics.registry.getMetricsAsJSON()) as unknown as MetricSnapshot[];
}

test('sums counters, gauges and histograms, label by label', async () => {
  const text = await sumMetricsText([await processWith(5, { rate: 1 }, 3), await processWith(50, { rate: 2, size: 4 }, 7)]);
  expect(text).toContain('# HELP socklab_demo_messages_total Messages\n# TYPE socklab_demo_messages_total counter\n');
  expect(text).toContain('\nsocklab_demo_messages_total 55\n');
  expect(text).toContain('\nsocklab_demo_dropped_total{reason="rate"} 3\nsocklab_demo_dropped_total{reason="size"} 4\n');
  expect(text).toContain('\nsocklab_demo_open 10\n');
  expect(text).toContain('\nsocklab_demo_frame_bytes_bucket{le="10"} 1\nsocklab_demo_frame_bytes_bucket{le="100"} 2\n');
  expect(text).toContain(
    '\nsocklab_demo_frame_bytes_bucket{le="+Inf"} 2\nsocklab_demo_frame_bytes_sum 55\nsocklab_demo_frame_bytes_count 2\n',
  );
});

function gauge(name: string, value: number): MetricSnapshot[] {
  return [{ name, help: name, type: 'gauge', aggregator: 'average', values: [{ value, labels: {} }] }];
}

test.each([
  ['nodejs_eventloop_lag_seconds', 9],
  ['nodejs_eventloop_lag_p99_seconds', 9],
  ['nodejs_eventloop_lag_min_seconds', 2],
  ['process_max_fds', 9],
  ['process_start_time_seconds', 2],
])('of %s one value counts', (name, value) => {
  expect(sumMetrics([gauge(name, 2), gauge(name, 9)])[0]?.values).toEqual([{ value, labels: {} }]);
});

test('a value that is not a number yet does not spoil those of the others', () => {
  expect(
    sumMetrics([gauge('nodejs_eventloop_lag_mean_seconds', Number.NaN), gauge('nodejs_eventloop_lag_mean_seconds', 3)])[0]?.values,
  ).toEqual([{ value: 3, labels: {} }]);
});

test('of a process that is gone the counters and histograms are kept, sum after sum', async () => {
  let kept: MetricSnapshot[] = [];
  for (const messages of [5, 50, 500]) kept = sumMetrics([kept, whatOnlyGrows(await processWith(messages, { rate: 1 }, 3))]);
  const text = await sumMetricsText([kept, await processWith(1, {}, 2)]);
  expect(text).toContain('\nsocklab_demo_messages_total 556\n');
  expect(text).toContain('\nsocklab_demo_dropped_total{reason="rate"} 3\n');
  expect(text).toContain('\nsocklab_demo_frame_bytes_count 4\n');
  expect(text).toContain('\nsocklab_demo_open 2\n');
});

test('the wait after a death doubles up to 5 s, and starts over after 10 s of life', () => {
  const deaths = createDeaths();
  const waits = Array.from({ length: 9 }, (_none, index) => deaths.next(index * 3000, index * 3000 - 10));
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  expect(deaths.next(60_000, 50_000)).toBe(100);
});

test('the sixth death within 10 s is one too many, the sixth in 10 s is not', () => {
  const quick = createDeaths();
  expect([0, 1, 2, 3, 4, 9999].map((at) => quick.next(at, at))).toEqual([100, 200, 400, 800, 1600, undefined]);
  const slower = createDeaths();
  expect([0, 1, 2, 3, 4, 10_000].map((at) => slower.next(at, at)).at(-1)).toBe(3200);
});
