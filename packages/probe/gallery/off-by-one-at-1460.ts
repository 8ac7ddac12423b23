import { frame, serve } from './recv.ts';

const SEGMENT_BYTES = 1460;

/** The bug: a read of exactly one Ethernet segment loses its last byte to a terminating zero. */
serve(async ({ socket, recv }) => {
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
});
