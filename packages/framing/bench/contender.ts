import type { Group, Task, Wire } from './cells.ts';
import type { Workload } from './workload.ts';

/** What a run did. Compared with the expected result after every run. */
export interface Tally {
  /** Payloads found, or frames written. */
  frames: number;
  /** The sum of the visitor's results. */
  sum: number;
}

/**
 * What is done to each payload: the same for all contenders. It returns a number, and all numbers are summed up, so that
 * no work can be optimised away. A timed run takes length and first byte; an untimed one, in another process, hashes every
 * byte.
 */
export interface Visitor {
  /** The payload is `memory[start, end)`. */
  readonly bytes: (memory: Uint8Array, start: number, end: number) => number;
  /** The same, but a timed run takes the length only. */
  readonly lengthOnly: (memory: Uint8Array, start: number, end: number) => number;
  /** The payload is a list of chunks, which need not be joined to be visited. */
  readonly list: (list: ByteList) => number;
  /** The payload is text: one byte a character, as all payloads here are. */
  readonly text: (line: string) => number;
  /** Written bytes, in order; a frame may come in several parts, and a part may hold several frames. */
  readonly written: (bytes: Uint8Array) => number;
}

/** The part of `Uint8ArrayList` that is used here. */
export interface ByteList {
  readonly byteLength: number;
  get(index: number): number;
  subarray(): Uint8Array;
}

/** One implementation of a task: one file in `contenders/` of the same name, and a line in `contenders/index.ts`. */
export interface Contender {
  readonly name: string;
  readonly task: Task;
  readonly group: Group;
  readonly wire: Wire;
  /** What it hands out, for the table. */
  readonly about: string;
  /** Makes the timed function. It does the whole workload once, with a fresh decoder or encoder. */
  readonly prepare: (workload: Workload, visitor: Visitor) => () => Tally | Promise<Tally>;
}
