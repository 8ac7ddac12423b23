import { textReport } from './report/text.ts';
import type { ProbeReport } from './report/model.ts';
import type { MatchersObject } from 'vitest';

declare module 'vitest' {
  // The parameters must be those of vitest itself.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * Passes when every trial of a probe passed with confirmed delivery: not with a failure, a flaky or failed control, or
     * an unconfirmed trial. The message is the report with the smallest failure.
     */
    toSurvive(options?: SurviveOptions): R;
  }
}

/** Options of `toSurvive`. */
export interface SurviveOptions {
  /** Whether trials without confirmed delivery are accepted: for unix sockets, and systems other than Linux. @defaultValue false */
  readonly unconfirmed?: boolean;
}

/** The result of a matcher. */
interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Matchers for vitest. Importing this registers nothing:
 *
 * ```ts
 * import { expect } from 'vitest';
 * import { matchers } from '@socklab/probe/vitest';
 *
 * expect.extend(matchers);
 * expect(await probe({ target, exchange })).toSurvive();
 * ```
 */
export const matchers: { toSurvive(received: unknown, options?: SurviveOptions): Matched } = {
  toSurvive(received, { unconfirmed = false } = {}) {
    if (!isReport(received)) return { pass: false, message: () => 'toSurvive takes the report that probe() resolves to' };
    const pass = received.outcome === 'pass' || (unconfirmed && received.outcome === 'unconfirmed');
    const wanted = pass ? 'that some segmentation breaks the target' : 'that the target survives every segmentation';
    return { pass, message: () => `expected ${wanted}\n\n${textReport(received)}` };
  },
} satisfies MatchersObject;

function isReport(value: unknown): value is ProbeReport {
  return typeof value === 'object' && value !== null && 'outcome' in value && 'totals' in value && 'cases' in value;
}
