import { createServer } from 'node:net';
import { connectionOf } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Bug } from '@socklab/probe';
import type { Server } from 'node:net';

/** One server of the gallery: how it serves, and a request that shows what is wrong with it. */
export interface GalleryServer {
  /** That of its file. */
  readonly name: string;
  /** Whether it answers right however the request is cut and glued. */
  readonly isCorrect: boolean;
  /** What the bug is called, where the pattern of the failing cuts alone tells. */
  readonly bug?: Bug;
  /** The framing of requests and answers, by its name in `@socklab/framing`. */
  readonly framing: 'u32be' | 'line';
  readonly request: Uint8Array;
  /** The plans that find the bug. */
  readonly plans: string;
  /** The cut that is left of it when it is shrunk, the nearest to a boundary; absent where a single cut does not show it. */
  readonly smallestCut?: number;
  /** Serves one connection, which ends when this resolves. */
  readonly serve: (connection: Connection) => Promise<void>;
}

/** Makes a server that serves each connection so; it does not listen yet. It has no limits: those are up to whoever runs it. */
export function createGalleryServer({ serve }: GalleryServer): Server {
  return createServer({ noDelay: true }, (socket) => {
    // A client may go at any time; that is no event for a server.
    socket.on('error', () => undefined);
    // A server that is wrong on purpose takes at most its own connection with it.
    void serve(connectionOf(socket)).then(
      () => socket.end(),
      () => socket.destroy(),
    );
  });
}
