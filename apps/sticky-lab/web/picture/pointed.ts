import { isEndOfStream, rangeOf } from '@socklab/lab/picture';
import { t } from '../shell/language.ts';
import { kindName, timeName } from './words.ts';
import type { FlowIndex } from '@socklab/lab/picture';
import type { ByteRange } from '@socklab/lab/picture';

/** The subject of the details: an event, or an intended message, counted from 1. */
export type Pointed = { readonly event: number } | { readonly message: number };

/** Its description. */
export interface PointedFacts {
  readonly title: string;
  /** Its bytes, if any. */
  readonly range: ByteRange | undefined;
  /** More that is known of it. */
  readonly remark: string | undefined;
}

/** Looks up the selected event; `undefined` when it no longer exists. */
export function factsOf(pointed: Pointed, index: FlowIndex): PointedFacts | undefined {
  if ('message' in pointed) {
    const range = index.messages[pointed.message - 1];
    return (
      range && {
        title: t({ en: `message ${pointed.message}, as it was meant`, zh: `消息 ${pointed.message}（原样）` }),
        range,
        remark: undefined,
      }
    );
  }
  const { flow } = index;
  const event = flow.events[pointed.event];
  if (event === undefined) return undefined;
  const place = t({
    en: `${pointed.event + 1} of ${flow.events.length}`,
    zh: `第 ${pointed.event + 1} / ${flow.events.length} 项`,
  });
  return {
    title: `${kindName(event, index)} · ${timeName(event.us)} · ${place}`,
    range: isEndOfStream(event, flow) ? undefined : rangeOf(event),
    remark: event.type === 'fault' ? t(event.reason) : event.type === 'message' ? `'${event.text}'` : undefined,
  };
}

/** The point of the lesson, until the reader points at something. */
export function firstRead({ flow: { events }, way }: FlowIndex): Pointed {
  return {
    event: Math.max(
      0,
      events.findIndex(({ type }) => type === way.sized),
    ),
  };
}
