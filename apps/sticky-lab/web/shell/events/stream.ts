import type { JobNews } from '../../../src/http/jobs/contract.ts';

/** The state of the stream: open, reconnecting, or refused by the service. */
export type StreamState = 'open' | 'connecting' | 'refused';

/** The jobs to follow, each with the last received event. */
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
  /** Restarts with these jobs; none: closes. */
  open(wanted: Wanted): void;
}

/** Makes a {@link Stream} that is not open yet. The browser reconnects by itself. */
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
      // A closed stream was refused by the service.
      opened.addEventListener('error', () => onState(opened.readyState === EventSource.CLOSED ? 'refused' : 'connecting'));
    },
  };
}
