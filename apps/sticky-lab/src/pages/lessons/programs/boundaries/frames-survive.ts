import type { LessonCode } from '../../code/code.ts';

/** Lesson 13: a length before each message, and a receiver that waits for all of it. */
export const framesSurvive: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket, struct
s = socket.socket()
s.bind(('127.0.0.1', 9000))
s.listen()
conn, addr = s.accept()
kept = b''
while data := conn.recv(1024):¦read
    kept += data
    while len(kept) >= 4:
        size, = struct.unpack('<i', kept[:4])
        if len(kept) < 4 + size:
            break  # wait for the rest
        print(kept[4:4 + size].decode())¦message
        kept = kept[4 + size:]
`,
    },
    {
      name: 'client.py',
      text: `
import socket, struct
s = socket.create_connection(('127.0.0.1', 9000))
text = '哈哈哈哈哈'.encode()
s.sendall(struct.pack('<i', len(text)) + text)¦write
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
  let kept = Buffer.alloc(0);
  conn.on('data', (data) => {¦read
    kept = Buffer.concat([kept, data]);
    while (kept.length >= 4) {
      const end = 4 + kept.readInt32LE();
      if (kept.length < end) break;
      console.log(String(kept.subarray(4, end)));¦message
      kept = kept.subarray(end);
    }
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
const text = Buffer.from('哈哈哈哈哈');
const size = Buffer.alloc(4);
size.writeInt32LE(text.length);
connect(9000, '127.0.0.1', function () {
  this.write(Buffer.concat([size, text]));¦write
  this.end();¦end
});
`,
    },
  ],
};
