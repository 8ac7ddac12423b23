import { TEXT } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** The bug: each chunk is decoded separately, and a character that is cut in two becomes two invalid ones. */
export const textPerChunk: GalleryServer = {
  name: 'text-per-chunk',
  isCorrect: false,
  bug: 'text-per-chunk',
  framing: 'line',
  request: TEXT,
  plans: 'every-cut',
  smallestCut: 19,
  serve: async ({ socket, recv }) => {
    let text = '';
    for (;;) {
      const bytes = await recv(65_536);
      if (bytes.length === 0) return;
      text += bytes.toString('utf8');
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
        socket.write(`hello ${text.slice(0, end)}\n`);
        text = text.slice(end + 1);
      }
    }
  },
};

runAsProgram(import.meta, textPerChunk);
