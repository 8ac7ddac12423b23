import type { LessonCode } from '../../code/code.ts';

/** Lesson 11: what a short read leaves is returned by the next. */
export const shortReadSplits: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket, time
s = socket.socket()
s.bind(('127.0.0.1', 9000))
s.listen()
conn, addr = s.accept()
time.sleep(0.1)  # both sends are here now
print(conn.recv($firstReadBytes))¦read 1
while data := conn.recv($readBytes):¦read
    print(data)
`,
    },
    {
      name: 'client.py',
      text: `
import socket
s = socket.create_connection(('127.0.0.1', 9000))
s.send(b'hello')¦write 1
s.send(b'alex')¦write 2
s.close()¦end
`,
    },
  ],
  node: [
    {
      name: 'sender.mjs',
      text: `
import { createServer } from 'node:net';
const server = createServer((conn) => {
  conn.setNoDelay();
  conn.write('hello');¦write 1
  conn.write('alex');¦write 2
  conn.end();¦end
  server.close();
});
server.listen(9000, '127.0.0.1');
`,
    },
    {
      name: 'receiver.mjs',
      text: `
import { connect } from 'node:net';
let bytes = $firstReadBytes;
connect({
  port: 9000,
  host: '127.0.0.1',
  onread: {
    buffer: () => Buffer.alloc(bytes),¦read
    callback(length, data) {
      console.log(String(data.subarray(0, length)));
      bytes = $readBytes;
      return true;
    },
  },
}).on('end', () => console.log('the end'));¦eof
`,
    },
  ],
};
