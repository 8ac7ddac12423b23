import type { LessonCode } from '../../code/code.ts';

/** Lesson 9: everybody has one socket, and hears all others on it. */
export const manyToMany: LessonCode = {
  python: [
    {
      name: 'peers.py',
      text: `
import socket
peers = [socket.socket(type=socket.SOCK_DGRAM)
         for _ in range($peers)]
for s in peers:
    s.bind(('127.0.0.1', 0))  # a port each
for number, s in enumerate(peers):
    for other in peers:
        if other is not s:
            text = b'I am %d' % (number + 1)
            s.sendto(text, other.getsockname())¦write
for s in peers:
    for _ in range($peers - 1):
        text, addr = s.recvfrom(100)¦read
        print(addr, text)
`,
    },
  ],
  node: [
    {
      name: 'peers.mjs',
      text: `
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
const peers = [];
let left = $peers * ($peers - 1);
for (let count = 0; count < $peers; count++) {
  const s = createSocket('udp4');
  s.on('message', (text, { port }) => {¦read
    console.log(port, String(text));
    if (--left === 0) for (const each of peers) each.close();
  });
  s.bind(0, '127.0.0.1'); // a port each
  await once(s, 'listening');
  peers.push(s);
}
for (const [number, s] of peers.entries()) {
  for (const other of peers) {
    if (other === s) continue;
    s.send(\`I am \${number + 1}\`, other.address().port, '127.0.0.1');¦write
  }
}
`,
    },
  ],
};
