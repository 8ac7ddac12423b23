import type { LessonCode } from '../../code/code.ts';

/** Lesson 14: the same length, and a receiver that expects each read to return all that it asked for. */
export const naiveFixBreaks: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket, struct
s = socket.socket()
s.bind(('127.0.0.1', 9000))
s.listen()
conn, addr = s.accept()
head = conn.recv(4)  # at most 4!¦naive read 1
size, = struct.unpack('<i', head)¦naive fault
data = conn.recv(size)  # at most size!¦naive read,naive eof
print(len(data), 'of', size, 'bytes')¦naive message
`,
    },
    {
      name: 'client.py',
      text: `
import socket, struct, time
s = socket.create_connection(('127.0.0.1', 9000))
text = ('哈' * $characters).encode()
frame = struct.pack('<i', len(text)) + text
s.sendall(frame[:$cut])¦naive write 1
time.sleep(0.1)  # as a slow network does
s.sendall(frame[$cut:])¦naive write
s.close()¦naive end
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createServer } from 'node:net';
const server = createServer((conn) => {
  server.close();
  conn.once('data', (data) => {¦naive read,naive eof
    // takes it to be the whole frame
    const size = data.readInt32LE();¦naive fault
    const text = data.subarray(4);
    console.log(text.length, 'of', size, 'bytes');¦naive message
    conn.resume();
  });
});
server.listen(9000, '127.0.0.1');
`,
    },
    {
      name: 'client.mjs',
      text: `
import { connect } from 'node:net';
const text = Buffer.from('哈'.repeat($characters));
const size = Buffer.alloc(4);
size.writeInt32LE(text.length);
const frame = Buffer.concat([size, text]);
connect(9000, '127.0.0.1', function () {
  this.write(frame.subarray(0, $cut));¦naive write 1
  // as a slow network does
  setTimeout(() => {
    this.write(frame.subarray($cut));¦naive write
    this.end();¦naive end
  }, 100);
});
`,
    },
  ],
};
