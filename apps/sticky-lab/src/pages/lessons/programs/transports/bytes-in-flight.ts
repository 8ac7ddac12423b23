import type { LessonCode } from '../../code/code.ts';

/** Lesson 5: writes until the kernel takes no more, to somebody who does not read. */
export const bytesInFlight: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket, time
s = socket.socket()
s.bind(('127.0.0.1', 9000))
s.listen()
conn, addr = s.accept()
time.sleep(0.5)  # reads nothing yet
count = 0
while data := conn.recv(65536):¦read
    count += len(data)
print(count, 'bytes read')
`,
    },
    {
      name: 'client.py',
      text: `
import socket
s = socket.create_connection(('127.0.0.1', 9000))
s.setblocking(False)  # an error instead of a wait
taken = 0
try:
    while True:
        taken += s.send(bytes($chunkBytes))¦write
except BlockingIOError:
    print(taken, 'bytes taken, then no more')
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createServer } from 'node:net';
const options = { pauseOnConnect: true };
const server = createServer(options, (conn) => {
  setTimeout(() => conn.resume(), 500); // reads nothing yet
  let count = 0;
  conn.on('data', (data) => {¦read
    count += data.length;
  });
  conn.on('end', () => console.log(count, 'bytes read'));¦eof
  server.close();
});
server.listen(9000, '127.0.0.1');
`,
    },
    {
      name: 'client.mjs',
      text: `
import { connect } from 'node:net';
const data = Buffer.alloc($chunkBytes);
let taken = 0;
let isOver = false;
const s = connect(9000, '127.0.0.1', function send() {
  if (isOver) return;
  s.write(data, () => {¦write
    taken += data.length; // the kernel has it
    send();
  });
});
setTimeout(() => {
  console.log(taken, 'bytes taken, then no more');
  isOver = true;
  s.end();
}, 300);
`,
    },
  ],
};
