import { FRAMED, frame } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** The bug: a recv that returns less than a whole message is taken for an attack, and the connection is reset. */
export const resetsOnShortRead: GalleryServer = {
  name: 'resets-on-short-read',
  isCorrect: false,
  bug: 'recv-is-message',
  framing: 'u32be',
  request: FRAMED,
  plans: 'every-cut',
  smallestCut: 4,
  serve: async ({ socket, recv }) => {
    for (;;) {
      let bytes = await recv(65_536);
      if (bytes.length === 0) return;
      while (bytes.length > 0) {
        if (bytes.length < 4 || bytes.length < 4 + bytes.readUInt32BE()) {
          socket.resetAndDestroy();
          return;
        }
        const end = 4 + bytes.readUInt32BE();
        socket.write(frame(bytes.subarray(4, end)));
        bytes = bytes.subarray(end);
      }
    }
  },
};

runAsProgram(import.meta, resetsOnShortRead);
