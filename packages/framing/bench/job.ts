import { CELLS } from './cells.ts';
import type { Cell } from './cells.ts';

/** What one process measures, passed as JSON on the command line. */
export interface Job {
  readonly contender: string;
  readonly cell: string;
  readonly frames: number;
  /** `verify` reads every byte once and tells how long that took; `time` warms up and measures. */
  readonly mode: 'verify' | 'time';
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Its result, as one line of JSON. */
export type Outcome =
  | { readonly ok: true; readonly runs: number; readonly nsPerFrame: number; readonly bytesPerFrame?: number }
  | { readonly ok: false; readonly message: string };

/** A cell's name, as used in filters: `decode/1KiB/64KiB-chunks`. */
export function nameOf({ task, size, chunking }: Cell): string {
  return `${task}/${size.name}/${chunking.name}`;
}

export function cellByName(name: string): Cell {
  const cell = CELLS.find((each) => nameOf(each) === name);
  if (cell === undefined) throw new RangeError(`no cell is called ${name}`);
  return cell;
}
