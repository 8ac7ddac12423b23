import { frame, serve } from './recv.ts';

/** The bug: the payload is read with one recv. */
serve(async ({ socket, recv, recvAll }) => {
  for (;;) {
    const header = await recvAll(4);
    if (header.length < 4) return;
    const payload = await recv(header.readUInt32BE());
    socket.write(frame(payload));
  }
});
