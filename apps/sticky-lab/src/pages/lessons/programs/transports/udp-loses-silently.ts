import type { LessonCode } from '../../code/code.ts';

/** Lesson 6: sends that all succeed, to a receiver that does not keep up. */
export const udpLosesSilently: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket, time
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 9000))
time.sleep(0.5)  # does not read yet
s.settimeout(0.2)
count = 0
try:
    while s.recv(1000):¦read
        count += 1
except TimeoutError:
    print(count, 'came')
`,
    },
    {
      name: 'client.py',
      text: `
import socket
s = socket.socket(type=socket.SOCK_DGRAM)
for number in range($datagrams):
    data = number.to_bytes(4, 'big') + bytes(996)
    s.sendto(data, ('127.0.0.1', 9000))¦write
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createSocket } from 'node:dgram';
const s = createSocket('udp4');
let count = 0;
s.on('message', () => {¦read
  count += 1;
});
s.bind(9000, '127.0.0.1', () => {
  setTimeout(() => {
    console.log(count, 'came');
    s.close();
  }, 1000);
});
`,
    },
    {
      name: 'client.mjs',
      text: `
import { createSocket } from 'node:dgram';
const s = createSocket('udp4');
const data = Buffer.alloc(1000);
let left = $datagrams;
s.connect(9000, '127.0.0.1', () => {
  for (let at = 0; at < $datagrams; at++) {
    s.send(data, () => --left || s.close());¦write
  }
});
`,
    },
  ],
};
