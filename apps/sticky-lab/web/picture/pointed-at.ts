import { useSignalEffect } from '@preact/signals';
import { createContext } from 'preact';
import { useContext, useEffect } from 'preact/hooks';
import { firstRead } from './pointed.ts';
import type { Pointed } from './pointed.ts';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { RecordedFlow, FlowIndex } from '@socklab/lab/picture';

/** The event of a picture that the reader points at or selected. */
export interface PointedAt {
  readonly flow: RecordedFlow;
  readonly event: number;
}

/** Where pictures report it; optional. */
export const PointedAtContext = createContext<Signal<PointedAt | null> | null>(null);

/** Tells what is pointed at in a picture; until then what its details begin with. */
export function useTellPointed(index: FlowIndex, shown: ReadonlySignal<Pointed | null>): void {
  const told = useContext(PointedAtContext);
  const { flow } = index;
  useSignalEffect(() => {
    const pointed = shown.value ?? firstRead(index);
    if (told !== null && 'event' in pointed) told.value = { flow, event: pointed.event };
  });
  useEffect(() => {
    const first = firstRead(index);
    if (told !== null && 'event' in first) told.value = { flow, event: first.event };
  }, [flow]);
}
