import type { LessonCode } from '../../code/code.ts';

/** Lesson 2: one service, asked by a program of its own and by HTTP. */
export const clientServerAndBrowserServer: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket, struct
s = socket.socket()
s.bind(('127.0.0.1', 9000))
s.listen()
# a program of our own: the length goes first
conn, addr = s.accept()
with conn, conn.makefile('rwb') as f:
    size, = struct.unpack('<i', f.read(4))¦c1 read
    answer = f.read(size).upper()
    f.write(struct.pack('<i', len(answer)) + answer)¦c2 write
# a browser: HTTP has its own way to say how long
conn, addr = s.accept()
with conn, conn.makefile('rwb') as f:
    for line in iter(f.readline, b'\\r\\n'):¦c3 read
        name, _, value = line.partition(b':')
        if name.lower() == b'content-length':
            size = int(value)
    f.write(b'HTTP/1.0 200 OK\\r\\n\\r\\n' + f.read(size).upper())¦c4 write
`,
    },
    {
      name: 'client.py',
      text: `
import socket, struct
from urllib.request import urlopen
text = b'hello, world'
s = socket.create_connection(('127.0.0.1', 9000))
s.sendall(struct.pack('<i', len(text)) + text)¦c1 write
f = s.makefile('rb')
size, = struct.unpack('<i', f.read(4))¦c2 read
print(f.read(size))¦c2 message
web = urlopen('http://127.0.0.1:9000/', text)¦c3 write
print(web.read())¦c4 read,c4 message
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createServer as http } from 'node:http';
import { createServer as tcp } from 'node:net';
// a browser: HTTP has its own way to say how long
const web = http(async (request, response) => {
  let text = '';
  for await (const data of request) text += data;¦c3 read
  response.setHeader('connection', 'close');
  response.end(text.toUpperCase());¦c4 write
});
// a program of our own: the length goes first
const server = tcp((conn) => {
  let all = Buffer.alloc(0);
  conn.on('data', (data) => {¦c1 read
    all = Buffer.concat([all, data]);
    if (all.length < 4 || all.length < 4 + all.readInt32LE()) return;
    const answer = String(all.subarray(4)).toUpperCase();
    conn.end(Buffer.concat([all.subarray(0, 4), Buffer.from(answer)]));¦c2 write
  });
  server.removeAllListeners('connection');
  server.once('connection', (next) => {
    web.emit('connection', next);
    server.close();
  });
});
server.listen(9000, '127.0.0.1');
`,
    },
    {
      name: 'client.mjs',
      text: `
import { connect } from 'node:net';
const text = Buffer.from('hello, world');
const size = Buffer.alloc(4);
size.writeInt32LE(text.length);
const s = connect(9000, '127.0.0.1');
s.write(Buffer.concat([size, text]));¦c1 write
let answer = '';
for await (const data of s) answer += data;¦c2 read
console.log(answer.slice(4));¦c2 message
const to = 'http://127.0.0.1:9000/';
const response = await fetch(to, { method: 'POST', body: text });¦c3 write
console.log(await response.text());¦c4 read,c4 message
`,
    },
  ],
};
