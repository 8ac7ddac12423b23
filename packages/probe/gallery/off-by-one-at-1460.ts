import { LONG, frame } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

const SEGMENT_BYTES = 1460;

/** The bug: a read of exactly one Ethernet segment loses its last byte to a terminating zero. */
export const offByOneAt1460: GalleryServer = {
  name: 'off-by-one-at-1460',
  isCorrect: false,
  framing: 'u32be',
  request: LONG,
  plans: 'bytes:1460+random:40',
  smallestCut: SEGMENT_BYTES,
  serve: async ({ socket, recv }) => {
    let pending: Buffer = Buffer.alloc(0);
    for (;;) {
      const bytes = await recv(65_536);
      if (bytes.length === 0) return;
      pending = Buffer.concat([pending, bytes.length === SEGMENT_BYTES ? bytes.subarray(0, -1) : bytes]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE()) {
        const end = 4 + pending.readUInt32BE();
        socket.write(frame(pending.subarray(4, end)));
        pending = pending.subarray(end);
      }
    }
  },
};

runAsProgram(import.meta, offByOneAt1460);
