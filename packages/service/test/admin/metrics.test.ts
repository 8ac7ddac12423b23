import { createMetrics } from '@socklab/service';
import { expect, test } from 'vitest';

test('names carry the project and the app', async () => {
  const metrics = createMetrics('tcp-echo');
  metrics.counter('connections_total', 'Connections accepted').inc();
  metrics.gauge('connections', 'Connections open').set(3);
  metrics.histogram('frame_bytes', 'Payload sizes', [10, 100]).observe(50);
  const text = await metrics.registry.metrics();
  expect(text).toContain('# HELP socklab_tcp_echo_connections_total Connections accepted\n');
  expect(text).toContain('\nsocklab_tcp_echo_connections_total 1\n');
  expect(text).toContain('\nsocklab_tcp_echo_connections 3\n');
  expect(text).toContain('\nsocklab_tcp_echo_frame_bytes_bucket{le="10"} 0\n');
  expect(text).toContain('\nsocklab_tcp_echo_frame_bytes_bucket{le="100"} 1\n');
});

test('labels come from a closed set', async () => {
  const metrics = createMetrics('udp-multi');
  const dropped = metrics.counter('dropped_total', 'Datagrams dropped', ['reason']);
  dropped.inc({ reason: 'too-large' });
  expect(await metrics.registry.metrics()).toContain('socklab_udp_multi_dropped_total{reason="too-large"} 1');
  expect(() => dropped.inc({ peer: '127.0.0.1' } as never)).toThrow(/label/);
});

test('a name is taken once in a process, and again in another registry', () => {
  const metrics = createMetrics('tcp-echo');
  metrics.counter('connections_total', 'Connections accepted');
  expect(() => metrics.counter('connections_total', 'Again')).toThrow(/socklab_tcp_echo_connections_total.*already/);
  expect(() => metrics.gauge('connections_total', 'As another kind')).toThrow(/already/);
  expect(() => createMetrics('tcp-echo').counter('connections_total', 'Connections accepted')).not.toThrow();
});

test('a name that is none is refused', () => {
  expect(() => createMetrics('tcp-echo').counter('connections total', 'x')).toThrow(/name/i);
});

test('the process and Node.js are measured too', async () => {
  const text = await createMetrics('tcp-echo').registry.metrics();
  expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
});

test('a counter that is read when scraped shows the count of that moment', async () => {
  const metrics = createMetrics('tcp-echo');
  let bytes = 0;
  metrics.counterOf('received_bytes_total', 'Bytes received', () => bytes);
  expect(await metrics.registry.metrics()).toContain('\nsocklab_tcp_echo_received_bytes_total 0\n');
  bytes = 7;
  expect(await metrics.registry.metrics()).toContain('\nsocklab_tcp_echo_received_bytes_total 7\n');
  expect(await metrics.registry.metrics()).toContain('\nsocklab_tcp_echo_received_bytes_total 7\n');
  bytes = 2 ** 40;
  expect(await metrics.registry.metrics()).toContain(`\nsocklab_tcp_echo_received_bytes_total ${2 ** 40}\n`);
});

test('a labelled counter that is read when scraped keeps a value that is left out', async () => {
  const metrics = createMetrics('udp-multi');
  let dropped: Record<string, number> = { rate: 2, source: 0 };
  metrics.countersOf('dropped_total', 'Datagrams dropped', 'reason', () => dropped);
  expect(await metrics.registry.metrics()).toContain(
    'dropped_total{reason="rate"} 2\nsocklab_udp_multi_dropped_total{reason="source"} 0\n',
  );
  dropped = { source: 5 };
  expect(await metrics.registry.metrics()).toContain(
    'dropped_total{reason="rate"} 2\nsocklab_udp_multi_dropped_total{reason="source"} 5\n',
  );
});

test('a gauge that is read when scraped goes up and down', async () => {
  const metrics = createMetrics('tcp-echo');
  let open = 3;
  metrics.gaugeOf('connections', 'Connections open', () => open);
  expect(await metrics.registry.metrics()).toContain('\nsocklab_tcp_echo_connections 3\n');
  open = 1;
  expect(await metrics.registry.metrics()).toContain('\nsocklab_tcp_echo_connections 1\n');
});

test.each([
  [4, /socklab_tcp_echo_messages_total was 5 and is 4: a counter is a finite number that only grows/],
  [Number.NaN, /was 5 and is NaN/],
  [Number.POSITIVE_INFINITY, /was 5 and is Infinity/],
])('a count that goes from 5 to %d is a RangeError that names the metric', async (wrong, message) => {
  const metrics = createMetrics('tcp-echo');
  let messages = 5;
  metrics.counterOf('messages_total', 'Messages', () => messages);
  await metrics.registry.metrics();
  messages = wrong;
  await expect(metrics.registry.metrics()).rejects.toThrow(message);
  await expect(metrics.registry.metrics()).rejects.toThrow(RangeError);
});
