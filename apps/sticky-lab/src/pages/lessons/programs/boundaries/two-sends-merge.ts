import type { LessonCode } from '../../code/code.ts';

/** Lesson 10: both sends wait, one read takes both. */
export const twoSendsMerge: LessonCode = {
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
      name: 'server.mjs',
      text: `
import { createServer } from 'node:net';
const options = { pauseOnConnect: true };
const server = createServer(options, (conn) => {
  // both sends are here by then
  setTimeout(() => conn.resume(), 100);
  conn.on('data', (data) => {¦read
    console.log(String(data));
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
const s = connect(9000, '127.0.0.1');
s.setNoDelay();
s.write('hello');¦write 1
s.write('alex');¦write 2
s.end();¦end
`,
    },
  ],
};
