import { useSignalEffect } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Pointed } from './pointed.ts';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Conversation } from '@socklab/lab/picture';

/** The event of a picture that the reader points at, or went to. */
export interface PointedAt {
  readonly conversation: Conversation;
  readonly event: number;
}

/** Where pictures tell what is pointed at; nobody is told without. */
export const PointedAtContext = createContext<Signal<PointedAt | null> | null>(null);

/** Tells what is pointed at in a picture. */
export function useTellPointed(conversation: Conversation, shown: ReadonlySignal<Pointed | null>): void {
  const told = useContext(PointedAtContext);
  useSignalEffect(() => {
    const pointed = shown.value;
    if (told === null) return;
    if (pointed !== null && 'event' in pointed) told.value = { conversation, event: pointed.event };
    // What another picture told stays.
    else if (told.peek()?.conversation.id === conversation.id) told.value = null;
  });
}
