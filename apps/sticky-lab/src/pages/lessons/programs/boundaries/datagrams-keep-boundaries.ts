import type { LessonCode } from '../../code/code.ts';

/** Lesson 15: a read returns one datagram, and bytes that do not fit are lost. */
export const datagramsKeepBoundaries: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 9000))
for _ in range(4):
    data, addr = s.recvfrom($readBytes)¦read
    print(data)
`,
    },
    {
      name: 'client.py',
      text: `
import socket
to = ('127.0.0.1', 9000)
s = socket.socket(type=socket.SOCK_DGRAM)
s.sendto(b'hello', to)¦write 1
s.sendto(b'alex', to)¦write 2
s.sendto(b'helloalex', to)¦write 3
s.sendto(b'next', to)¦write 4
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createSocket } from 'node:dgram';
const s = createSocket('udp4');
let left = 4;
s.on('message', (data) => {¦read
  console.log(String(data));
  if (--left === 0) s.close();
});
s.bind(9000, '127.0.0.1');
`,
    },
    {
      name: 'client.mjs',
      text: `
import { createSocket } from 'node:dgram';
const s = createSocket('udp4');
s.connect(9000, '127.0.0.1', () => {
  s.send('hello');¦write 1
  s.send('alex');¦write 2
  s.send('helloalex');¦write 3
  s.send('next', () => s.close());¦write 4
});
`,
    },
  ],
};
