import { FRAMED, frame } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** The bug: the payload is read with one recv. */
export const payloadOneRecv: GalleryServer = {
  name: 'payload-one-recv',
  isCorrect: false,
  bug: 'payload-one-recv',
  framing: 'u32be',
  request: FRAMED,
  plans: 'every-cut',
  smallestCut: 5,
  serve: async ({ socket, recv, recvAll }) => {
    for (;;) {
      const header = await recvAll(4);
      if (header.length < 4) return;
      const payload = await recv(header.readUInt32BE());
      socket.write(frame(payload));
    }
  },
};

runAsProgram(import.meta, payloadOneRecv);
