import type { LessonCode } from '../../code/code.ts';

/** Lesson 7: TCP and UDP, to somebody who does not read. */
export const udpDoesNotSlowDown: LessonCode = {
  python: [
    {
      name: 'server.py',
      text: `
import socket, time
u = socket.socket(type=socket.SOCK_DGRAM)
u.bind(('127.0.0.1', 9000))
s = socket.socket()
s.bind(('127.0.0.1', 9000))
s.listen()
conn, addr = s.accept()
time.sleep(0.5)  # reads nothing yet
count = 0
while data := conn.recv(65536):¦c1 read
    count += len(data)
print('TCP', count, 'bytes read')
u.settimeout(0.2)
count = 0
try:
    while data := u.recv(65536):¦c2 read
        count += len(data)
except TimeoutError:
    print('UDP', count, 'bytes read')
`,
    },
    {
      name: 'client.py',
      text: `
import socket
to = ('127.0.0.1', 9000)
s = socket.create_connection(to)
s.setblocking(False)  # an error instead of a wait
taken = 0
try:
    while True:
        taken += s.send(bytes(16384))¦c1 write
except BlockingIOError:
    print('TCP', taken, 'bytes taken, then no more')
u = socket.socket(type=socket.SOCK_DGRAM)
for _ in range($factor * taken // 16384):
    u.sendto(bytes(16384), to)¦c2 write
print('UDP', $factor * taken, 'bytes sent, no error')
`,
    },
  ],
  node: [
    {
      name: 'server.mjs',
      text: `
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
let [overTcp, overUdp] = [0, 0];
const u = createSocket('udp4');
u.on('message', (data) => {¦c2 read
  overUdp += data.length;
});
u.bind(9000, '127.0.0.1');
const server = createServer((conn) => {
  // the whole program sleeps: nothing is read
  const lock = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(lock, 0, 0, 500);
  conn.on('data', (data) => {¦c1 read
    overTcp += data.length;
  });
  setTimeout(() => {
    console.log('TCP', overTcp, 'bytes read');
    console.log('UDP', overUdp, 'bytes read');
    u.close();
  }, 500);
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
const data = Buffer.alloc(16384);
let taken = 0;
let isOver = false;
const s = connect(9000, '127.0.0.1', function send() {
  if (isOver) return;
  s.write(data, () => {¦c1 write
    taken += data.length; // the kernel has it
    send();
  });
});
setTimeout(() => {
  console.log('TCP', taken, 'bytes taken, then no more');
  isOver = true;
  s.end();
  const u = createSocket('udp4');
  let left = Math.ceil(($factor * taken) / data.length);
  console.log('UDP', left * data.length, 'bytes sent');
  u.connect(9000, '127.0.0.1', () => {
    for (let at = left; at > 0; at--) {
      u.send(data, () => --left || u.close());¦c2 write
    }
  });
}, 200);
`,
    },
  ],
};
