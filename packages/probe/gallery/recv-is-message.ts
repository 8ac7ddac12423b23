import { LINE } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** The bug: the result of one recv is taken for one line. */
export const recvIsMessage: GalleryServer = {
  name: 'recv-is-message',
  isCorrect: false,
  bug: 'recv-is-message',
  framing: 'line',
  request: LINE,
  plans: 'every-cut',
  smallestCut: 14,
  serve: async ({ socket, recv }) => {
    for (;;) {
      const bytes = await recv(65_536);
      if (bytes.length === 0) return;
      const line = bytes.toString('latin1').trimEnd();
      socket.write(`hello ${line}\n`);
    }
  },
};

runAsProgram(import.meta, recvIsMessage);
