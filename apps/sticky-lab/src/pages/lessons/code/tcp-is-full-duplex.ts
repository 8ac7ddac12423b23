import type { LessonCode } from './code.ts';

/** Lesson 4: both write before either reads. */
export const tcpIsFullDuplex: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket
s = socket.socket()
s.bind(('127.0.0.1', 9000))
s.listen()
conn, addr = s.accept()
conn.sendall(b's' * $bytes)
while data := conn.recv(65536):¦read,eof
    print(len(data))
conn.sendall(b'still here')
conn.close()
`,
    },
    {
      name: 'client.py',
      text: `
import socket
s = socket.create_connection(('127.0.0.1', 9000))
s.sendall(b'c' * $bytes)¦write
s.shutdown(socket.SHUT_WR)¦end
while data := s.recv(65536):
    print(len(data))
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createServer } from 'node:net';
const options = { allowHalfOpen: true };
const server = createServer(options, (conn) => {
  conn.write('s'.repeat($bytes));
  conn.on('data', (data) => {¦read
    console.log(data.length);
  });
  conn.on('end', () => conn.end('still here'));¦eof
  server.close();
});
server.listen(9000, '127.0.0.1');
`,
    },
    {
      name: 'client.mjs',
      text: `
import { connect } from 'node:net';
const s = connect(9000, '127.0.0.1');
s.write('c'.repeat($bytes));¦write
s.end();¦end
s.on('data', (data) => console.log(data.length));
`,
    },
  ],
};
