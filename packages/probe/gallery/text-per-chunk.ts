import { serve } from './recv.ts';

/** The bug: each chunk is decoded by itself, and a character that is cut in two becomes two that are none. */
serve(async ({ socket, recv }) => {
  let text = '';
  for (;;) {
    const bytes = await recv(65_536);
    if (bytes.length === 0) return;
    text += bytes.toString('utf8');
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
      socket.write(`hello ${text.slice(0, end)}\n`);
      text = text.slice(end + 1);
    }
  }
});
