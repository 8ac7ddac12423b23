import type { Group, Task, Wire } from './cells.ts';
import type { Workload } from './workload.ts';

/** What a run did. It is compared with what it should have done, after every run. */
export interface Tally {
  /** Payloads found, or frames written. */
  frames: number;
  /** The visitor's numbers, added up. */
  sum: number;
}

/**
 * What is done to each payload: the same for all contenders, and a number comes back that is added up, so that no work can be
 * optimised away. A timed run takes length and first byte; an untimed one, in another process, hashes every byte.
 */
export interface Visitor {
  /** The payload is `memory[start, end)`. */
  readonly bytes: (memory: Uint8Array, start: number, end: number) => number;
  /** The same, but a timed run looks at the length only. */
  readonly lengthOnly: (memory: Uint8Array, start: number, end: number) => number;
  /** The payload is a list of chunks, which need not be joined to look at it. */
  readonly list: (list: ByteList) => number;
  /** The payload is text: one byte a character, as all payloads here are. */
  readonly text: (line: string) => number;
  /** Bytes that were written, in order; a frame may come in several parts or a part hold several frames. */
  readonly written: (bytes: Uint8Array) => number;
}

/** The part of `Uint8ArrayList` that is needed here. */
export interface ByteList {
  readonly byteLength: number;
  get(index: number): number;
  subarray(): Uint8Array;
}

/** One way to do a task: one file in `contenders/`, named as it is, and a line in `contenders/index.ts`. */
export interface Contender {
  readonly name: string;
  readonly task: Task;
  readonly group: Group;
  readonly wire: Wire;
  /** What it hands out, for the table. */
  readonly about: string;
  /** Makes the function that is timed. It does the whole workload once, from a fresh decoder or encoder on. */
  readonly prepare: (workload: Workload, visitor: Visitor) => () => Tally | Promise<Tally>;
}
