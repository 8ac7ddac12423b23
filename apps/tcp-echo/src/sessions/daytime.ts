import type { Session, Stream, StreamHandler } from '../session.ts';

/** Options of {@link daytime}. */
export interface DaytimeOptions {
  readonly now: () => Date;
}

/** Sends the date and time as one line and ends, ignoring input. Source: RFC 867, whose second example gives the format; in UTC. */
export function daytime({ now }: DaytimeOptions): Session {
  const open = (stream: Stream): StreamHandler => {
    stream.send(Buffer.from(`${formatDaytime(now())}\r\n`, 'latin1'));
    stream.finish('served');
    return { messagesIn: 0, messagesOut: 1, partialBytes: 0, bytes() {}, ended() {} };
  };
  return { kind: 'stream', name: 'daytime', servesHalfClosed: true, open };
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** `Sunday, November 22, 2026 18:05:09-UTC` */
export function formatDaytime(date: Date): string {
  const time = date.toISOString().slice(11, 19);
  return `${DAYS[date.getUTCDay()]}, ${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()} ${time}-UTC`;
}
