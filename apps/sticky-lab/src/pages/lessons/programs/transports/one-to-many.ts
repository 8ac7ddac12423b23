import type { LessonCode } from '../../code/code.ts';

/** Lesson 8: one socket that sends to as many as have said hello. */
export const oneToMany: LessonCode = {
  python: [
    {
      name: 'sender.py',
      text: `
import socket
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 9000))
# each says hello first, so that its address is known
peers = [s.recvfrom(100)[1] for _ in range($receivers)]
for number in range($messages):
    for peer in peers:
        s.sendto(b'news %d' % (number + 1), peer)¦write
`,
    },
    {
      name: 'receivers.py',
      text: `
import socket
sockets = [socket.socket(type=socket.SOCK_DGRAM)
           for _ in range($receivers)]
for s in sockets:
    s.sendto(b'hello', ('127.0.0.1', 9000))
for s in sockets:
    for _ in range($messages):
        text, addr = s.recvfrom(100)¦read
        print(addr, text)
`,
    },
  ],
  node: [
    {
      name: 'sender.mjs',
      text: `
import { createSocket } from 'node:dgram';
const s = createSocket('udp4');
const peers = [];
// each says hello first, so that its address is known
s.on('message', (hello, peer) => {
  if (peers.push(peer) < $receivers) return;
  let left = $receivers * $messages;
  for (let number = 1; number <= $messages; number++) {
    for (const { port, address } of peers) {
      s.send(\`news \${number}\`, port, address, () => --left || s.close());¦write
    }
  }
});
s.bind(9000, '127.0.0.1');
`,
    },
    {
      name: 'receivers.mjs',
      text: `
import { createSocket } from 'node:dgram';
for (let count = 0; count < $receivers; count++) {
  const s = createSocket('udp4');
  let left = $messages;
  s.on('message', (text, { port }) => {¦read
    console.log(port, String(text));
    if (--left === 0) s.close();
  });
  s.send('hello', 9000, '127.0.0.1');
}
`,
    },
  ],
};
