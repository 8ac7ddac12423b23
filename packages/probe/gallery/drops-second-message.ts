import { FRAMED, frame } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** The bug: only the first message of each read is handled; the bytes after it are dropped. */
export const dropsSecondMessage: GalleryServer = {
  name: 'drops-second-message',
  isCorrect: false,
  bug: 'first-message-only',
  framing: 'u32be',
  request: FRAMED,
  plans: 'every-cut+glue:2+glue+cut',
  serve: async ({ socket, recv }) => {
    let pending: Buffer = Buffer.alloc(0);
    for (;;) {
      const bytes = await recv(65_536);
      if (bytes.length === 0) return;
      pending = Buffer.concat([pending, bytes]);
      if (pending.length < 4) continue;
      const end = 4 + pending.readUInt32BE();
      if (pending.length < end) continue;
      socket.write(frame(pending.subarray(4, end)));
      pending = Buffer.alloc(0);
    }
  },
};

runAsProgram(import.meta, dropsSecondMessage);
