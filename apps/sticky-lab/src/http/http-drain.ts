import type { Server } from 'node:http';

/** Stops a server: no new connections, current requests are answered. When the signal aborts, everything is cut. */
export type HttpDrain = (signal: AbortSignal) => Promise<void>;

/** Watches `server` from its start, so that it can be drained at once however many keep-alive connections are open. */
export function createHttpDrain(server: Server): HttpDrain {
  const cut = (): void => server.closeAllConnections();
  let isDraining = false;
  server.on('request', (_request, response) => {
    // close() ends the connections that are idle now. One that becomes idle later would stay for the keep-alive time.
    response.once('close', () => void (isDraining && server.closeIdleConnections()));
  });
  return async (signal) => {
    isDraining = true;
    signal.addEventListener('abort', cut, { once: true });
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    if (signal.aborted) cut();
    await closed;
    signal.removeEventListener('abort', cut);
  };
}
