import { FRAMED, frame } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** The bug: the header is read with one recv, and missing bytes count as zeros. */
export const headerOneRecv: GalleryServer = {
  name: 'header-one-recv',
  isCorrect: false,
  bug: 'header-one-recv',
  framing: 'u32be',
  request: FRAMED,
  plans: 'every-cut',
  smallestCut: 3,
  serve: async ({ socket, recv, recvAll }) => {
    for (;;) {
      const header = Buffer.alloc(4);
      const bytes = await recv(4);
      if (bytes.length === 0) return;
      bytes.copy(header);
      const payload = await recvAll(header.readUInt32BE());
      socket.write(frame(payload));
    }
  },
};

runAsProgram(import.meta, headerOneRecv);
