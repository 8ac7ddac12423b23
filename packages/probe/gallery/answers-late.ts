import { setTimeout as pause } from 'node:timers/promises';
import { frame, serve } from './recv.ts';

/** Late and right: each answer takes its time. */
serve(async ({ socket, recvAll }) => {
  for (;;) {
    const header = await recvAll(4);
    if (header.length < 4) return;
    const payload = await recvAll(header.readUInt32BE());
    await pause(60);
    socket.write(frame(payload));
  }
});
