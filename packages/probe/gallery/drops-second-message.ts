import { frame, serve } from './recv.ts';

/** The bug: of what was read only the first message is handled; what is behind it is thrown away. */
serve(async ({ socket, recv }) => {
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
});
