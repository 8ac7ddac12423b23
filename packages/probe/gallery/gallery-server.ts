import { createServer } from 'node:net';
import { connectionOf } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Bug } from '@socklab/probe';
import type { Server } from 'node:net';

/** One server of the gallery, with a request that shows its bug. */
export interface GalleryServer {
  /** That of its file. */
  readonly name: string;
  /** Whether it answers correctly however the request is cut and glued. */
  readonly isCorrect: boolean;
  /** The name of the bug, where the pattern of the failing cuts alone identifies it. */
  readonly bug?: Bug;
  /** The framing of requests and answers, by its name in `@socklab/framing`. */
  readonly framing: 'u32be' | 'line';
  readonly request: Uint8Array;
  /** The plans that find the bug. */
  readonly plans: string;
  /** The cut that is left after shrinking, the nearest to a boundary; absent where a single cut does not show it. */
  readonly smallestCut?: number;
  /** Serves one connection, which is ended when this resolves. */
  readonly serve: (connection: Connection) => Promise<void>;
}

/** Makes a server that runs this for each connection; it does not listen yet. It has no limits: the program that runs it sets them. */
export function createGalleryServer({ serve }: GalleryServer): Server {
  return createServer({ noDelay: true }, (socket) => {
    // A client may disconnect at any time; a server ignores that.
    socket.on('error', () => undefined);
    // A buggy server must only break its own connection.
    void serve(connectionOf(socket)).then(
      () => socket.end(),
      () => socket.destroy(),
    );
  });
}
