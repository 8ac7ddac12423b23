import type { LessonCode } from '../../code/code.ts';

/** Lesson 3: a question over TCP, which has to connect first, and over UDP, which just sends. */
export const tcpConnectsFirst: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket
u = socket.socket(type=socket.SOCK_DGRAM)
u.bind(('127.0.0.1', 9000))
s = socket.socket()
s.bind(('127.0.0.1', 9000))
s.listen()
conn, addr = s.accept()¦accepted
data = conn.recv(1)¦c1 read
conn.sendall(data)¦c2 write
data, addr = u.recvfrom(1)¦c3 read
u.sendto(data, addr)¦c4 write
`,
    },
    {
      name: 'client.py',
      text: `
import socket
s = socket.socket()
s.connect(('127.0.0.1', 9000))  # SYN, SYN-ACK, ACK¦connect,connected
s.sendall(b'?')¦c1 write
print(s.recv(1))¦c2 read
u = socket.socket(type=socket.SOCK_DGRAM)
u.sendto(b'?', ('127.0.0.1', 9000))  # no connect¦c3 write,c6 write
print(u.recv(1))¦c4 read
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
const u = createSocket('udp4');
u.on('message', (data, { port }) => {¦c3 read
  u.send(data, port, '127.0.0.1', () => u.close());¦c4 write
});
u.bind(9000, '127.0.0.1');
const server = createServer((conn) => {¦accepted
  conn.on('data', (data) => {¦c1 read
    conn.end(data);¦c2 write
  });
  server.close();
});
server.listen(9000, '127.0.0.1');
`,
    },
    {
      name: 'client.mjs',
      text: `
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
// SYN, SYN-ACK, ACK: called back after a round trip
const s = connect(9000, '127.0.0.1', () => {¦connect,connected
  s.write('?');¦c1 write
});
s.on('data', (data) => console.log(String(data)));¦c2 read
const u = createSocket('udp4');
u.send('?', 9000, '127.0.0.1'); // no connect¦c3 write,c6 write
u.on('message', (data) => {¦c4 read
  console.log(String(data));
  u.close();
});
`,
    },
  ],
};
