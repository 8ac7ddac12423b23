import { AggregatorRegistry } from 'prom-client';

/** A metric as `registry.getMetricsAsJSON()` gives it. */
export interface MetricSnapshot {
  readonly name: string;
  readonly help: string;
  /** `counter`, `gauge`, `histogram` or `summary`. */
  readonly type: string;
  /** How the values of several processes are combined: `sum`, unless the metric says otherwise. */
  readonly aggregator: string;
  readonly values: readonly MetricSample[];
}

/** One value of a metric; a histogram's has the name of its series. */
export interface MetricSample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly metricName?: string;
}

/**
 * Combines the metrics of several processes into those of one: counters, histograms and gauges are summed; of the
 * event loop lag and the descriptor limit the largest counts, of the start times the first. Values that are not
 * finite, such as a lag not measured yet, are left out.
 */
export function sumMetrics(processes: readonly (readonly MetricSnapshot[])[]): MetricSnapshot[] {
  // The registry's types do not describe the values, which are those of the given metrics.
  return aggregate(processes).getMetricsAsArray() as unknown as MetricSnapshot[];
}

/** The same as Prometheus text. */
export function sumMetricsText(processes: readonly (readonly MetricSnapshot[])[]): Promise<string> {
  return aggregate(processes).metrics();
}

/** What is kept of a process that is gone, or does not answer: only counters. */
export function whatOnlyGrows(metrics: readonly MetricSnapshot[]): MetricSnapshot[] {
  return metrics.filter(({ type }) => KINDS_THAT_GROW.includes(type));
}

const KINDS_THAT_GROW: readonly string[] = ['counter', 'histogram'];

function aggregate(processes: readonly (readonly MetricSnapshot[])[]): AggregatorRegistry<'text/plain; version=0.0.4; charset=utf-8'> {
  const prepared = processes.map((metrics) => metrics.map(prepare));
  return AggregatorRegistry.aggregate(prepared) as AggregatorRegistry<'text/plain; version=0.0.4; charset=utf-8'>;
}

function prepare(metric: MetricSnapshot): object {
  const values = metric.values.filter(({ value }) => Number.isFinite(value));
  return { ...metric, values, aggregator: aggregatorOf(metric) };
}

function aggregatorOf({ name, aggregator }: MetricSnapshot): string {
  if (name === 'process_start_time_seconds' || name === 'nodejs_eventloop_lag_min_seconds') return 'min';
  if (name === 'process_max_fds' || name.startsWith('nodejs_eventloop_lag_')) return 'max';
  return aggregator;
}
