import { frame, serve } from './recv.ts';

/** The bug: a recv that brings less than a whole message is taken for an attack, and the connection is reset. */
serve(async ({ socket, recv }) => {
  for (;;) {
    const bytes = await recv(65_536);
    if (bytes.length === 0) return;
    if (bytes.length < 4 || bytes.length < 4 + bytes.readUInt32BE()) {
      socket.resetAndDestroy();
      return;
    }
    for (let start = 0; start < bytes.length; start += 4 + bytes.readUInt32BE(start)) {
      socket.write(frame(bytes.subarray(start + 4, start + 4 + bytes.readUInt32BE(start))));
    }
  }
});
