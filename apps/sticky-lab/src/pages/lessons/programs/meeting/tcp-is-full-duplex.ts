import type { LessonCode } from '../../code/code.ts';

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
conn.sendall(b's' * $bytes)¦c2 write 1
while data := conn.recv(65536):¦c1 read,c1 eof
    print(len(data))
conn.sendall(b'still here')¦c2 write
conn.close()¦c2 end
`,
    },
    {
      name: 'client.py',
      text: `
import socket
s = socket.create_connection(('127.0.0.1', 9000))
s.sendall(b'c' * $bytes)¦c1 write
s.shutdown(socket.SHUT_WR)¦c1 end
while data := s.recv(65536):¦c2 read,c2 eof
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
  conn.write('s'.repeat($bytes));¦c2 write 1
  conn.on('data', (data) => {¦c1 read
    console.log(data.length);
  });
  conn.on('end', () => conn.end('still here'));¦c1 eof,c2 write,c2 end
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
s.write('c'.repeat($bytes));¦c1 write
s.end();¦c1 end
s.on('data', (data) => console.log(data.length));¦c2 read,c2 eof
`,
    },
  ],
};
