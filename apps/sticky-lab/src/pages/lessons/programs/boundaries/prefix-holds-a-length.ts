import type { LessonCode } from '../../code/code.ts';

/** Lesson 12: a number in four bytes. */
export const prefixHoldsALength: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket, struct
s = socket.socket()
s.bind(('127.0.0.1', 9000))
s.listen()
conn, addr = s.accept()
data = conn.recv(4)¦read
print(struct.unpack('<i', data)[0])
`,
    },
    {
      name: 'client.py',
      text: `
import socket, struct
s = socket.create_connection(('127.0.0.1', 9000))
s.send(struct.pack('<i', $value))¦write
s.close()¦end
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createServer } from 'node:net';
const server = createServer((conn) => {
  conn.on('data', (data) => {¦read
    console.log(data.readInt32LE());
  });
  conn.on('end', () => server.close());¦eof
});
server.listen(9000, '127.0.0.1');
`,
    },
    {
      name: 'client.mjs',
      text: `
import { connect } from 'node:net';
const data = Buffer.alloc(4);
data.writeInt32LE($value);
connect(9000, '127.0.0.1', function () {
  this.write(data);¦write
  this.end();¦end
});
`,
    },
  ],
};
