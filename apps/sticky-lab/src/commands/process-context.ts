import type { Language } from '@socklab/lab';
import type { Streams } from '@socklab/service';

/** What the commands use of their process. */
export interface ProcessContext {
  /** The command: errors begin with it, and so does what a report says to run again. @defaultValue 'sticky-lab' */
  readonly name?: string;
  readonly streams: Streams;
  /** That of its environment. @defaultValue 'en' */
  readonly language?: Language;
  /** Sets the exit code of the process: a campaign that found something has not failed itself. */
  readonly exitWith: (code: number) => void;
}
