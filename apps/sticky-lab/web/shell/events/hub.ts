import { createStream } from './stream.ts';
import type { JobNews } from '../../../src/http/jobs/contract.ts';
import type { Stream, StreamState } from './stream.ts';

/**
 * The one stream of a browser, shared by all its tabs: a browser opens at most six connections to a service, and a stream each would
 * leave none to the seventh tab. This runs as a SharedWorker.
 *
 * ```
 * tab --wanted--> hub --EventSource--> service
 *     <-news, state-
 * ```
 */

/** Message of a tab to the hub: the URL of the route, and everything that it follows. */
export interface TabMessage {
  readonly url: string;
  readonly wanted: readonly (readonly [job: string, lastId: number])[];
}

/** Message of the hub to a tab. */
export type HubMessage = { readonly news: JobNews } | { readonly state: StreamState };

const tabs = new Map<MessagePort, Map<string, number>>();
let stream: Stream | undefined;
let state: StreamState | undefined;

globalThis.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  port.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => heard(port, data));
  // Not every browser reports a closed tab: a tab says so itself.
  port.addEventListener('close', () => forget(port));
  port.start();
});

function heard(port: MessagePort, { url, wanted }: TabMessage): void {
  const before = tabs.get(port);
  if (wanted.length === 0) return forget(port);
  tabs.set(port, new Map(wanted));
  stream ??= createStream({ url, onNews, onState });
  if (wanted.some(([job, lastId]) => (before?.get(job) ?? Infinity) > lastId)) stream.open(wantedByAll());
  else if (state !== undefined) tell(port, { state });
}

function forget(port: MessagePort): void {
  tabs.delete(port);
  if (tabs.size === 0) stream?.open(new Map());
}

/** From the earliest event that a tab still needs; each tab ignores those that it has. */
function wantedByAll(): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const wanted of tabs.values()) {
    for (const [job, lastId] of wanted) all.set(job, Math.min(lastId, all.get(job) ?? lastId));
  }
  return all;
}

function onNews(news: JobNews): void {
  const { job, id } = news;
  for (const [port, wanted] of tabs) {
    const lastId = wanted.get(job);
    if (lastId === undefined) continue;
    if (isLast(news)) wanted.delete(job);
    else if (id !== undefined) wanted.set(job, Math.max(lastId, id));
    tell(port, { news });
  }
  // The service ends a stream of finished jobs: closed first, so that it does not look like a lost service.
  if (isLast(news) && wantedByAll().size === 0) stream?.open(new Map());
}

function isLast({ isLost, event }: JobNews): boolean {
  return isLost === true || (event as { readonly type?: unknown } | undefined)?.type === 'end';
}

function onState(changed: StreamState): void {
  state = changed;
  for (const port of tabs.keys()) tell(port, { state: changed });
}

function tell(port: MessagePort, message: HubMessage): void {
  port.postMessage(message);
}
