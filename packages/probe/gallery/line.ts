import { TEXT } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** Correct: bytes are kept until the line ending is there, and only complete lines are decoded. */
export const line: GalleryServer = {
  name: 'line',
  isCorrect: true,
  framing: 'line',
  request: TEXT,
  plans: 'every-cut+glue:2+glue+cut',
  serve: async ({ socket, recv }) => {
    let pending: Buffer = Buffer.alloc(0);
    for (;;) {
      const bytes = await recv(65_536);
      if (bytes.length === 0) return;
      pending = Buffer.concat([pending, bytes]);
      for (let end = pending.indexOf('\n'); end !== -1; end = pending.indexOf('\n')) {
        const name = pending.toString('utf8', 0, end).replace(/\r$/, '');
        socket.write(`hello ${name}\r\n`);
        pending = pending.subarray(end + 1);
      }
    }
  },
};

runAsProgram(import.meta, line);
