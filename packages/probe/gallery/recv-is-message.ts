import { serve } from './recv.ts';

/** The bug: what one recv brings is taken for one line. */
serve(async ({ socket, recv }) => {
  for (;;) {
    const bytes = await recv(65_536);
    if (bytes.length === 0) return;
    const line = bytes.toString('latin1').trimEnd();
    socket.write(`hello ${line}\n`);
  }
});
