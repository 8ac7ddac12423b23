import type { JobNews } from '../../../src/http/jobs/contract.ts';

/** Whether events come: they do, the browser tries again, or the service answered with no stream. */
export type StreamState = 'open' | 'connecting' | 'refused';

/** The jobs whose events are wanted, each with the last of its events that came. */
export type Wanted = ReadonlyMap<string, number>;

/** Options of {@link createStream}. */
export interface StreamOptions {
  /** The address of the route, without its parameters. */
  readonly url: string;
  readonly onNews: (news: JobNews) => void;
  readonly onState: (state: StreamState) => void;
}

/** One stream of events, of all jobs that are wanted. */
export interface Stream {
  /** Begins anew with these jobs; none: closes. */
  open(wanted: Wanted): void;
}

/** Makes a {@link Stream}; nothing is open yet. The browser connects again by itself. */
export function createStream({ url, onNews, onState }: StreamOptions): Stream {
  let stream: EventSource | undefined;
  return {
    open(wanted) {
      stream?.close();
      stream = undefined;
      if (wanted.size === 0) return;
      const after = new URLSearchParams();
      for (const [job, lastId] of wanted) after.append('after', `${job}:${lastId}`);
      const opened = new EventSource(`${url}?${after.toString()}`);
      stream = opened;
      opened.addEventListener('open', () => onState('open'));
      opened.addEventListener('message', ({ data }: MessageEvent<string>) => onNews(JSON.parse(data) as JobNews));
      // What is closed was answered, and not with a stream.
      opened.addEventListener('error', () => onState(opened.readyState === EventSource.CLOSED ? 'refused' : 'connecting'));
    },
  };
}
