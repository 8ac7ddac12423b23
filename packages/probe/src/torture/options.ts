import type { Bytes } from '../types.ts';
import type { TorturePlanName, TortureTest } from './corpus/corpus.ts';
import type { Judged } from './run/judge.ts';

/** Options of `torture`. */
export interface TortureOptions {
  /** What `framingOf` of `@socklab/framing` takes: a name, a short form, a layout as JSON. */
  readonly framing: string;
  /** The program under test, as words: it is run without a shell. */
  readonly run: readonly string[];
  /** Whole frames to try instead of made ones, for decoders that look into payloads too. */
  readonly frames?: readonly Bytes[];
  /** Which kinds of tests. @defaultValue all of them */
  readonly plans?: readonly TorturePlanName[];
  /** One test alone, by its id. */
  readonly only?: string;
  /** Longest wait for an answer, in milliseconds; the first one may take a minute. @defaultValue 5000 */
  readonly hangMs?: number;
  /** Longest time for all tests, in milliseconds. @defaultValue 300_000 */
  readonly maxTimeMs?: number;
  /** The command without the test: replay commands are left out without it. */
  readonly replay?: readonly string[];
  readonly signal?: AbortSignal;
}

/** What is known of a failure besides itself. */
export interface LookedAt {
  /** Whether it went well the second time. */
  readonly isFlaky: boolean;
  readonly shrunk?: { readonly test: TortureTest; readonly judged: Judged; readonly runs: number };
}
