import { frame, serve } from './recv.ts';

/** Right: each part of a frame is read until it is whole, and nothing that comes early is lost. */
serve(async ({ socket, recvAll }) => {
  for (;;) {
    const header = await recvAll(4);
    if (header.length < 4) return;
    const length = header.readUInt32BE();
    const payload = await recvAll(length);
    if (payload.length < length) return;
    socket.write(frame(payload));
  }
});
