import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { lostLogLines } from '../log/bounded-lines.ts';

export type { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of one process. Names are given without their prefix: `connections_total`. */
export interface Metrics {
  readonly registry: Registry;
  /** A number that only grows. Its name ends in `_total`. */
  counter<Label extends string = never>(name: string, help: string, labelNames?: readonly Label[]): Counter<Label>;
  /** A number that goes up and down. */
  gauge<Label extends string = never>(name: string, help: string, labelNames?: readonly Label[]): Gauge<Label>;
  /** A histogram: how many observations fall at or below each of `buckets`, in the unit that the name ends in. */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames?: readonly Label[],
  ): Histogram<Label>;
  /**
   * A counter that is read when it is scraped: the hot path only increments a plain number.
   * @param read - The count so far. A count that decreases or is not finite fails the scrape with a RangeError.
   */
  counterOf(name: string, help: string, read: () => number): void;
  /**
   * The same with one label.
   * @param read - The count so far for each value of the label. A value that is left out keeps its last count.
   */
  countersOf(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void;
  /** A gauge read when it is scraped. */
  gaugeOf(name: string, help: string, read: () => number): void;
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
  const metrics: Metrics = {
    registry,
    counter: (name, help, labelNames) => new Counter(described(name, help, labelNames)),
    gauge: (name, help, labelNames) => new Gauge(described(name, help, labelNames)),
    histogram: (name, help, buckets, labelNames) => new Histogram({ ...described(name, help, labelNames), buckets: [...buckets] }),
    counterOf: (name, help, read) => {
      const grown = growth(prefix + name);
      const collect = (): void => made.inc(grown('', read()));
      const made = new Counter({ ...described(name, help), collect });
    },
    countersOf: (name, help, label, read) => {
      const grown = growth(prefix + name);
      const collect = (): void => {
        for (const [value, count] of Object.entries(read())) made.inc({ [label]: value }, grown(value, count));
      };
      const made = new Counter({ ...described(name, help, [label]), collect });
    },
    gaugeOf: (name, help, read) => {
      const collect = (): void => made.set(read());
      const made = new Gauge({ ...described(name, help), collect });
    },
  };
  metrics.counterOf('log_lines_lost_total', 'Log lines lost: their reader has stopped, or the disk is full', lostLogLines);
  return metrics;
}

/** By how much a count grew since it was last read. */
function growth(name: string): (labelValue: string, count: number) => number {
  const seen = new Map<string, number>();
  return (labelValue, count) => {
    const last = seen.get(labelValue) ?? 0;
    // The error names it: a scraper takes a counter that decreases for a restart, and shows a jump that never was.
    if (!Number.isFinite(count) || count < last) {
      const where = labelValue === '' ? name : `${name} of ${labelValue}`;
      throw new RangeError(`${where} was ${last} and is ${count}: a counter is a finite number that only grows`);
    }
    seen.set(labelValue, count);
    return count - last;
  };
}
