import { createMetrics } from '@socklab/service';
import type { Counter, Metrics } from '@socklab/service';

/** The metrics of sticky-lab. The README's table lists the same. */
export interface StickyLabMetrics {
  /** What the admin endpoint serves. */
  readonly service: Metrics;
  readonly runs: Counter<'experiment' | 'outcome'>;
  readonly requests: Counter<'route' | 'status'>;
  readonly connectionsRefused: Counter<'reason'>;
}

/** Makes the metrics of one process. */
export function createStickyLabMetrics(): StickyLabMetrics {
  const service = createMetrics('sticky-lab');
  return {
    service,
    runs: service.counter('experiment_runs_total', 'Experiments run, by id and outcome', ['experiment', 'outcome']),
    requests: service.counter('http_requests_total', 'Requests answered, by route and status', ['route', 'status']),
    connectionsRefused: service.counter('connections_refused_total', 'Connections refused, by reason', ['reason']),
  };
}
