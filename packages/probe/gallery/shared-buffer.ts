import { FRAMED, frame } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

let pending: Buffer = Buffer.alloc(0);

/** The bug: one buffer for all connections, where each should have its own. */
export const sharedBuffer: GalleryServer = {
  name: 'shared-buffer',
  isCorrect: false,
  bug: 'shared-between-connections',
  framing: 'u32be',
  request: FRAMED,
  plans: 'every-cut',
  serve: async ({ socket, recv }) => {
    for (;;) {
      const bytes = await recv(65_536);
      if (bytes.length === 0) return;
      pending = Buffer.concat([pending, bytes]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE()) {
        const end = 4 + pending.readUInt32BE();
        socket.write(frame(pending.subarray(4, end)));
        pending = pending.subarray(end);
      }
    }
  },
};

runAsProgram(import.meta, sharedBuffer);
