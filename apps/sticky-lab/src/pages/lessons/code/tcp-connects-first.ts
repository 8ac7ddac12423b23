import type { LessonCode } from './code.ts';

/** Lesson 3: a question over TCP, which has to connect first. */
export const tcpConnectsFirst: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket
s = socket.socket()
s.bind(('127.0.0.1', 9000))
s.listen()
conn, addr = s.accept()
conn.sendall(conn.recv(1))¦read
`,
    },
    {
      name: 'client.py',
      text: `
import socket
s = socket.socket()
s.connect(('127.0.0.1', 9000))  # a round trip
s.sendall(b'?')¦write
print(s.recv(1))
# with UDP there is no connect: sendto(b'?', addr)
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createServer } from 'node:net';
const server = createServer((conn) => {
  conn.on('data', (data) => conn.end(data));¦read
  server.close();
});
server.listen(9000, '127.0.0.1');
`,
    },
    {
      name: 'client.mjs',
      text: `
import { connect } from 'node:net';
// called back after a round trip
const s = connect(9000, '127.0.0.1', () => {
  s.write('?');¦write
});
s.on('data', (data) => console.log(String(data)));
`,
    },
  ],
};
