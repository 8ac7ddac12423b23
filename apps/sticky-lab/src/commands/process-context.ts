import type { Streams } from '@socklab/service';

/** What the commands use of their process. */
export interface ProcessContext {
  readonly streams: Streams;
  /** Sets the exit code of the process: a campaign that found something has not failed itself. */
  readonly exitWith: (code: number) => void;
}
