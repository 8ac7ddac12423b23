import type { LessonCode } from '../../code/code.ts';

/** Lesson 1: the four bytes of an address, and a datagram to an address written as one number. */
export const addressIs32Bits: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 9000))
print(s.recv(1024))¦read
`,
    },
    {
      name: 'client.py',
      text: `
import socket
four = socket.inet_aton('$first.$second.$third.$fourth')
print(int.from_bytes(four, 'big'))  # 32 bits: one number
s = socket.socket(type=socket.SOCK_DGRAM)
# 127.0.0.1, as one number
s.sendto(b'hello', ('2130706433', 9000))¦write
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createSocket } from 'node:dgram';
const s = createSocket('udp4');
s.on('message', (data) => {¦read
  console.log(String(data));
  s.close();
});
s.bind(9000, '127.0.0.1');
`,
    },
    {
      name: 'client.mjs',
      text: `
import { createSocket } from 'node:dgram';
const four = Buffer.from([$first, $second, $third, $fourth]);
console.log(four.readUInt32BE()); // 32 bits: one number
const s = createSocket('udp4');
// 127.0.0.1, as one number
s.send('hello', 9000, '2130706433', () => s.close());¦write
`,
    },
  ],
};
