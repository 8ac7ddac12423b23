import { frame, serve } from './recv.ts';

/** The bug: the header is read with one recv, and what is missing of it is taken for zeros. */
serve(async ({ socket, recv, recvAll }) => {
  for (;;) {
    const header = Buffer.alloc(4);
    const bytes = await recv(4);
    if (bytes.length === 0) return;
    bytes.copy(header);
    const payload = await recvAll(header.readUInt32BE());
    socket.write(frame(payload));
  }
});
