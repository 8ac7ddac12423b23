import type { RecordedFlow } from './flow.ts';

/** What became of the messages of a flow: all that was decoded was meant, or something else came out. */
export type Fate = 'whole' | 'broken';

/** What the receiver made of a flow; `undefined` where nothing was decoded, or not all of it is kept. */
export function fateOf({ events, messages, totals, omittedEvents, omittedMessages }: RecordedFlow): Fate | undefined {
  if (totals.message + totals.fault === 0 || omittedEvents + omittedMessages > 0) return undefined;
  const meant = new Set(messages.map(({ start, end }) => `${start} ${end}`));
  const isBroken = events.some(
    (event) => event.type === 'fault' || (event.type === 'message' && !meant.has(`${event.start} ${event.end}`)),
  );
  return isBroken ? 'broken' : 'whole';
}
