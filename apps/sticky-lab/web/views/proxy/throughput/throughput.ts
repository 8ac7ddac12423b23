import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { Direction } from '@socklab/proxy';

/** Bytes a second at some time. */
export type Sample = Readonly<Record<Direction, number>> & {
  /** Seconds since the proxy was started. */
  readonly s: number;
};

/** How much passes, over the last minutes. */
export interface Throughput {
  readonly samples: Signal<readonly Sample[]>;
  /** Takes what passed until `ms`. */
  readonly add: (ms: number, totals: Readonly<Record<Direction, { readonly bytes: number }>>) => void;
  /** What passed before the next report is unknown. */
  readonly forget: () => void;
}

const MAX_SAMPLES = 300;
/** The service reports this often during traffic, and once more after it. */
const TOLD_MS = 1000;

/** Nothing yet. */
export function createThroughput(): Throughput {
  const samples = signal<readonly Sample[]>([]);
  let before: { readonly ms: number; readonly up: number; readonly down: number } | undefined = { ms: 0, up: 0, down: 0 };
  return {
    samples,
    add: (ms, { up, down }) => {
      const last = before;
      before = { ms, up: up.bytes, down: down.bytes };
      if (last === undefined || ms <= last.ms) return;
      // Without a report there was no traffic.
      const passedMs = Math.min(ms - last.ms, TOLD_MS);
      const quiet = ms - last.ms > 2 * TOLD_MS ? [{ s: (ms - TOLD_MS) / 1000, up: 0, down: 0 }] : [];
      const perSecond = (now: number, then: number): number => Math.max(0, ((now - then) * 1000) / passedMs);
      const sample = { s: ms / 1000, up: perSecond(up.bytes, last.up), down: perSecond(down.bytes, last.down) };
      samples.value = [...samples.value, ...quiet, sample].slice(-MAX_SAMPLES);
    },
    forget: () => {
      before = undefined;
    },
  };
}
