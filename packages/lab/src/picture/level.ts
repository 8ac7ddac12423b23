import { rounded } from './labels.ts';
import type { RecordedFlow } from './flow.ts';

/** How much had been written and not been read, over the time of a flow. */
export interface Level {
  /** The line of it as steps, in pixels. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Most that waited at once, and what is left at the end, in bytes. */
  readonly most: number;
  readonly left: number;
  /** How long it took, in microseconds. */
  readonly durationUs: number;
}

/**
 * Draws how much was under way, `width` by `height` pixels: in the queues of both kernels, and of datagrams also what was lost.
 * `undefined` of what others than the ends saw, and where not all events are kept.
 */
export function levelOf({ events, seenBy, omittedEvents }: RecordedFlow, width: number, height: number): Level | undefined {
  if (seenBy !== 'ends' || omittedEvents > 0) return undefined;
  const moves = events.flatMap((event) => {
    if (event.type !== 'write' && event.type !== 'read') return [];
    return [{ us: event.us, by: (event.type === 'write' ? 1 : -1) * (event.end - event.start) }];
  });
  const [first, last] = [moves[0], moves.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const durationUs = Math.max(1, last.us - first.us);
  const columns = new Map<number, Column>();
  let level = 0;
  for (const { us, by } of moves) {
    level += by;
    const x = Math.round(((us - first.us) / durationUs) * width);
    const before = columns.get(x);
    columns.set(x, { most: Math.max(before?.most ?? 0, level), last: level });
  }
  const most = Math.max(1, ...Array.from(columns.values(), (column) => column.most));
  const yOf = (bytes: number): number => rounded(height - (bytes / most) * height);
  return { points: stepsOf(columns, yOf), most, left: level, durationUs };
}

/** What happened within one pixel. */
interface Column {
  readonly most: number;
  readonly last: number;
}

function stepsOf(columns: ReadonlyMap<number, Column>, yOf: (bytes: number) => number): Level['points'] {
  let y = yOf(0);
  return [...columns].flatMap(([x, column]) => {
    const steps = [
      { x, y },
      { x, y: yOf(column.most) },
      { x, y: yOf(column.last) },
    ];
    y = yOf(column.last);
    return steps;
  });
}
