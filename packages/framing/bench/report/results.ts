import { median } from '@socklab/bench';
import type { Cell } from '../cells.ts';
import type { Contender } from '../contender.ts';

/** The result of one contender in one cell. */
export type Result =
  | {
      readonly kind: 'measured';
      readonly median: number;
      readonly min: number;
      readonly max: number;
      readonly frames: number;
      readonly bytesPerFrame: number | undefined;
    }
  /** Even a single frame exceeded the cap. */
  | { readonly kind: 'over'; readonly msPerFrame: number }
  | { readonly kind: 'failed'; readonly message: string };

/** All results, in nanoseconds per frame. */
export class Results {
  readonly #byCell = new Map<string, Result>();

  set({ task, size, chunking }: Cell, { name }: Contender, result: Result): void {
    this.#byCell.set(`${task}/${size.name}/${chunking.name}/${name}`, result);
  }

  /** The result of `contender` in a cell, or `undefined` when it was not measured. */
  get(task: string, size: string, chunking: string, contender: string): Result | undefined {
    return this.#byCell.get(`${task}/${size}/${chunking}/${contender}`);
  }

  /** The error, if any. */
  failures(): readonly string[] {
    return [...this.#byCell].flatMap(([key, result]) => (result.kind === 'failed' ? [`${key}: ${result.message}`] : []));
  }

  /** Nanoseconds per frame: the median, or the cap that was not enough; `undefined` where nothing was measured. */
  cost(task: string, size: string, chunking: string, contender: string): number | undefined {
    const result = this.get(task, size, chunking, contender);
    if (result?.kind === 'over') return result.msPerFrame * 1e6;
    return result?.kind === 'measured' ? result.median : undefined;
  }
}

/** Median, smallest and largest of what several processes measured. */
export function summarize(nsPerFrame: readonly number[], frames: number, bytesPerFrame?: number): Result {
  const [min, max] = [Math.min(...nsPerFrame), Math.max(...nsPerFrame)];
  return { kind: 'measured', median: median(nsPerFrame), min, max, frames, bytesPerFrame };
}
