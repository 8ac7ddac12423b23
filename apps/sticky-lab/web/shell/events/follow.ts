import { isServiceGone } from '../service-state.ts';
import { openChannel } from './channel.ts';
import type { JobNews } from '../../../src/http/jobs/contract.ts';
import type { JobEnd } from '../../../src/http/jobs/job.ts';
import type { Stream, StreamState } from './stream.ts';

/** What {@link follow} calls. */
export interface Follower<Event> {
  /** Events as they arrive, in batches. After a broken connection they continue where they stopped. */
  readonly events: (events: readonly Event[]) => void;
  /** Some are no longer kept by the service. */
  readonly missed?: (count: number) => void;
  /** The job is over; nothing follows. */
  readonly end: (end: JobEnd) => void;
  /** The service no longer knows the job: it was restarted, or has forgotten it. */
  readonly lost: () => void;
}

interface Followed {
  readonly job: string;
  readonly follower: Follower<unknown>;
  /** The last received event. */
  lastId: number;
  /** Events not delivered yet. */
  waiting: unknown[];
}

/** One stream brings the events of all jobs to all tabs: see `hub.ts`. */
let stream: Stream | undefined;
let isOpening = false;
let frame = 0;
const all = new Set<Followed>();

/** Follows the events of a job until it ends. The browser reconnects by itself. @returns a function that stops following. */
export function follow<Event extends { readonly type: string }>(job: string, follower: Follower<Event>): () => void {
  // What a job tells is what its kind says, and whoever follows it knows the kind.
  const followed: Followed = { job, follower: follower as Follower<unknown>, lastId: 0, waiting: [] };
  all.add(followed);
  openSoon();
  return () => leave(followed);
}

function leave(followed: Followed): void {
  if (all.delete(followed)) openSoon();
}

/** Once, however many are followed from now on. */
function openSoon(): void {
  if (isOpening) return;
  isOpening = true;
  queueMicrotask(() => {
    isOpening = false;
    open();
  });
}

function open(): void {
  const url = new URL('api/jobs/events', document.baseURI).href;
  stream ??= openChannel({ url, onNews: hear, onState: changed });
  const wanted = new Map<string, number>();
  for (const { job, lastId } of all) wanted.set(job, Math.min(lastId, wanted.get(job) ?? lastId));
  stream.open(wanted);
}

function changed(state: StreamState): void {
  isServiceGone.value = state === 'connecting';
  if (state === 'refused') for (const followed of all) lose(followed);
}

function hear({ job, id, event, missed, isLost }: JobNews): void {
  for (const followed of all) {
    if (followed.job !== job) continue;
    if (isLost === true) lose(followed);
    if (missed !== undefined) followed.follower.missed?.(missed);
    // A broken stream starts again where it began.
    if (id === undefined || id <= followed.lastId) continue;
    followed.lastId = id;
    if (isEnd(event)) end(followed, event);
    else wait(followed, event);
  }
}

function wait(followed: Followed, event: unknown): void {
  followed.waiting.push(event);
  // Once per animation frame, however many there are.
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    for (const each of all) give(each);
  });
}

function give(followed: Followed): void {
  const { waiting } = followed;
  followed.waiting = [];
  if (waiting.length > 0) followed.follower.events(waiting);
}

function end(followed: Followed, event: JobEnd): void {
  leave(followed);
  give(followed);
  followed.follower.end(event);
}

function lose(followed: Followed): void {
  leave(followed);
  give(followed);
  followed.follower.lost();
}

function isEnd(event: unknown): event is JobEnd {
  return (event as { readonly type?: unknown }).type === 'end';
}
