import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export type { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of one process. Names are given without their prefix: `connections_total`. */
export interface Metrics {
  readonly registry: Registry;
  /** A number that only grows. Its name ends in `_total`. */
  counter<Label extends string = never>(name: string, help: string, labelNames?: readonly Label[]): Counter<Label>;
  /** A number that goes up and down. */
  gauge<Label extends string = never>(name: string, help: string, labelNames?: readonly Label[]): Gauge<Label>;
  /** How many observations fall at or below each of `buckets`, in the unit the name ends in. */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames?: readonly Label[],
  ): Histogram<Label>;
}

/**
 * Metrics named `socklab_<app>_<name>`, next to those of the process and of Node.js itself.
 * @param app - The app's name, `tcp-echo`; its hyphens become underscores.
 * @throws Error when a name is taken already or is no Prometheus name.
 */
export function createMetrics(app: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const prefix = `socklab_${app.replaceAll('-', '_')}_`;
  const described = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) => ({
    name: prefix + name,
    help,
    labelNames,
    registers: [registry],
  });
  return {
    registry,
    counter: (name, help, labelNames) => new Counter(described(name, help, labelNames)),
    gauge: (name, help, labelNames) => new Gauge(described(name, help, labelNames)),
    histogram: (name, help, buckets, labelNames) => new Histogram({ ...described(name, help, labelNames), buckets: [...buckets] }),
  };
}
