import type { ProbeProgress } from '../options.ts';

/** The state of a campaign; `fresh` trials were done by this process and determine its speed. */
export type ProgressState = Omit<ProbeProgress, 'elapsedMs' | 'leftMs' | 'perSecond'> & { readonly fresh: number };

/** Reports the progress to the caller. */
export interface Progress {
  elapsedMs(): number;
  report(state: ProgressState): void;
}

const LEAST_MS = 100;

/** Makes a {@link Progress}. It reports each new phase, the last state of a phase, and otherwise once in 100 ms. */
export function createProgress(onProgress: ((progress: ProbeProgress) => void) | undefined): Progress {
  const startedAt = performance.now();
  let phase: ProbeProgress['phase'] | undefined;
  let phaseAt = startedAt;
  let toldAt = Number.NEGATIVE_INFINITY;
  const report = (state: ProgressState): void => {
    if (onProgress === undefined) return;
    const now = performance.now();
    const isNew = state.phase !== phase;
    if (isNew) phaseAt = now;
    phase = state.phase;
    if (!isNew && state.done < state.total && now - toldAt < LEAST_MS) return;
    toldAt = now;
    const { fresh, ...shown } = state;
    const phaseMs = now - phaseAt;
    const perSecond = fresh === 0 || phaseMs === 0 ? undefined : (fresh * 1000) / phaseMs;
    onProgress({ ...shown, elapsedMs: now - startedAt, perSecond, leftMs: leftMs(state.total - state.done, fresh, phaseMs) });
  };
  report({ phase: 'control', done: 0, fresh: 0, total: 0, totals: { pass: 0, fail: 0, unconfirmed: 0, flaky: 0 } });
  return { elapsedMs: () => performance.now() - startedAt, report };
}

function leftMs(left: number, done: number, phaseMs: number): number | undefined {
  if (left === 0) return 0;
  return done === 0 ? undefined : (left * phaseMs) / done;
}
