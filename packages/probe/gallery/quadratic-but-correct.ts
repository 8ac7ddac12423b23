import { FRAMED, frame } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** Slow but correct: everything is copied and scanned again for each byte that arrives. */
export const quadraticButCorrect: GalleryServer = {
  name: 'quadratic-but-correct',
  isCorrect: true,
  framing: 'u32be',
  request: FRAMED,
  plans: 'every-cut',
  serve: async ({ socket, recv }) => {
    let pending: Buffer = Buffer.alloc(0);
    for (;;) {
      const bytes = await recv(1);
      if (bytes.length === 0) return;
      pending = Buffer.concat([pending, bytes]);
      if (pending.length < 4 || pending.length < 4 + pending.readUInt32BE()) continue;
      socket.write(frame(pending.subarray(4)));
      pending = Buffer.alloc(0);
    }
  },
};

runAsProgram(import.meta, quadraticButCorrect);
