import { LINE } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** The bug: the line ending is searched in each chunk separately, and not found when it is cut in two. */
export const crlfPerChunk: GalleryServer = {
  name: 'crlf-per-chunk',
  isCorrect: false,
  bug: 'delimiter-per-chunk',
  framing: 'line',
  request: LINE,
  plans: 'every-cut',
  smallestCut: LINE.length - 1,
  serve: async ({ socket, recv }) => {
    let line = '';
    for (;;) {
      const bytes = await recv(65_536);
      if (bytes.length === 0) return;
      let chunk = bytes.toString('latin1');
      for (let end = chunk.indexOf('\r\n'); end !== -1; end = chunk.indexOf('\r\n')) {
        socket.write(`hello ${line}${chunk.slice(0, end)}\r\n`);
        line = '';
        chunk = chunk.slice(end + 2);
      }
      line += chunk;
    }
  },
};

runAsProgram(import.meta, crlfPerChunk);
