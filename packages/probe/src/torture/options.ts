import type { Bytes } from '../types.ts';
import type { TorturePlanName, TortureTest } from './corpus/corpus.ts';
import type { Judged } from './run/judge.ts';

/** Options of `torture`. */
export interface TortureOptions {
  /** Anything that `framingOf` of `@socklab/framing` takes: a name, a short form, a layout as JSON. */
  readonly framing: string;
  /** The program under test, as words: it runs without a shell. */
  readonly run: readonly string[];
  /** Whole frames to use instead of generated ones, for decoders that also parse payloads. */
  readonly frames?: readonly Bytes[];
  /** The kinds of tests. @defaultValue all of them */
  readonly plans?: readonly TorturePlanName[];
  /** A single test, by its id. */
  readonly only?: string;
  /** Longest wait for an answer, in milliseconds; the first one may take a minute. @defaultValue 5000 */
  readonly hangMs?: number;
  /** Longest time for all tests, in milliseconds. @defaultValue 300_000 */
  readonly maxTimeMs?: number;
  /** The command without the test: without it there are no replay commands. */
  readonly replay?: readonly string[];
  readonly signal?: AbortSignal;
}

/** What is known of a failure besides itself. */
export interface LookedAt {
  /** Whether it passed the second time. */
  readonly isFlaky: boolean;
  readonly shrunk?: { readonly test: TortureTest; readonly judged: Judged; readonly runs: number };
}
