import type { Streams } from '@socklab/service';

/** What the commands take from their process. */
export interface ProcessContext {
  readonly streams: Streams;
  /** Sets what the process exits with once it is done: a campaign that found something has not gone wrong itself. */
  readonly exitWith: (code: number) => void;
}
