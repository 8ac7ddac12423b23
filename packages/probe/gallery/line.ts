import { serve } from './recv.ts';

/** Right: bytes are kept until the end of a line is there, and only whole lines are decoded. */
serve(async ({ socket, recv }) => {
  let pending: Buffer = Buffer.alloc(0);
  for (;;) {
    const bytes = await recv(65_536);
    if (bytes.length === 0) return;
    pending = Buffer.concat([pending, bytes]);
    for (let end = pending.indexOf('\n'); end !== -1; end = pending.indexOf('\n')) {
      const line = pending.toString('utf8', 0, end).replace(/\r$/, '');
      socket.write(`hello ${line}\r\n`);
      pending = pending.subarray(end + 1);
    }
  }
});
