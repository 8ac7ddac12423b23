import { placesCutter } from './batch.ts';
import type { Cutter } from './batch.ts';
import type { FrameSpan } from '@socklab/probe';

/** Cuts at an offset from the start of a frame, from its end or from the end of its header. */
export function boundaryCutter(offsets: readonly number[]): Cutter {
  return placesCutter(({ frames }) =>
    frames.flatMap(({ start, payloadStart, end }) =>
      [start, payloadStart, end].flatMap((place) => offsets.map((offset) => place + offset)),
    ),
  );
}

/** Cuts at every position inside each length field. */
export function prefixCutter(): Cutter {
  return placesCutter(({ frames }) => frames.flatMap(({ length }) => (length === undefined ? [] : inside(length.start, length.end))));
}

/** Cuts each frame once, in its middle. With frames held until the next one arrives, the end of one leaves together with the start of the next. */
export function middleCutter(): Cutter {
  return placesCutter(({ frames }) => frames.map(middleOf));
}

/** The middle of a frame, at least one byte after its start. */
export function middleOf({ start, end }: Pick<FrameSpan, 'start' | 'end'>): number {
  return start + Math.max(1, Math.floor((end - start) / 2));
}

function inside(start: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - start - 1) }, (_, index) => start + 1 + index);
}
