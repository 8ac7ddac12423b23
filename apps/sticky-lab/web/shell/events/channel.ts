import { createStream } from './stream.ts';
import type { HubMessage, TabMessage } from './hub.ts';
import type { Stream, StreamOptions } from './stream.ts';

/** A stream through the hub that all tabs share; one of this tab's own in a browser without SharedWorker. */
export function openChannel(options: StreamOptions): Stream {
  if (typeof SharedWorker === 'undefined') return createStream(options);
  const { port } = new SharedWorker(new URL('./hub.ts', import.meta.url), { type: 'module', name: 'events' });
  let told: TabMessage = { url: options.url, wanted: [] };
  port.addEventListener('message', ({ data }: MessageEvent<HubMessage>) => {
    if ('news' in data) options.onNews(data.news);
    else options.onState(data.state);
  });
  port.start();
  window.addEventListener('pagehide', () => port.postMessage({ ...told, wanted: [] } satisfies TabMessage));
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) port.postMessage(told);
  });
  return {
    open(wanted) {
      told = { ...told, wanted: [...wanted] };
      port.postMessage(told);
    },
  };
}
