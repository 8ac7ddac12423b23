import { FRAMED, frame } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** Correct: each part of a frame is read until it is complete, and bytes that arrive early are kept. */
export const lengthPrefixed: GalleryServer = {
  name: 'length-prefixed',
  isCorrect: true,
  framing: 'u32be',
  request: FRAMED,
  plans: 'every-cut+glue:2+glue+cut',
  serve: async ({ socket, recvAll }) => {
    for (;;) {
      const header = await recvAll(4);
      if (header.length < 4) return;
      const length = header.readUInt32BE();
      const payload = await recvAll(length);
      if (payload.length < length) return;
      socket.write(frame(payload));
    }
  },
};

runAsProgram(import.meta, lengthPrefixed);
