// Two peers of the room, each a member of another replica: what one says, the other hears. Runs in a container.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const TEXT = 'hello through the bus';
const RETRY_MS = 500;
const HEADER_BYTES = 5;
const MEMBER_NUMBER_BYTES = 4;
const TYPE = { hello: 1, challenge: 2, join: 3, welcome: 4, say: 5, said: 6 };
// A bus that does not carry a word within this time does not carry it.
setTimeout(() => {
  process.stderr.write('room: nothing was heard within 30 s\n');
  process.exit(1);
}, 30_000).unref();

const [first, second] = process.argv.slice(-2);
const listener = await member(first, 'ann');
const speaker = await member(second, 'bob');
// The two are members now; how long their replicas take to hear of the bus is for them to say, so it is said until it is heard.
const heard = await ask(speaker.socket, message(TYPE.say, Buffer.concat([speaker.key, Buffer.from(TEXT)])), listener.socket, TYPE.said);
if (!heard.toString().endsWith(`bob${TEXT}`)) throw new Error(`heard ${JSON.stringify(heard.toString())}`);
process.stdout.write(`a member of ${first} hears one of ${second}: ${TEXT}\n`);
process.exit(0);

async function member(host, name) {
  const socket = createSocket('udp4');
  socket.connect(9000, host);
  await once(socket, 'connect');
  const cookie = (await ask(socket, message(TYPE.hello, Buffer.alloc(16)), socket, TYPE.challenge)).subarray(HEADER_BYTES);
  const welcome = await ask(socket, message(TYPE.join, Buffer.concat([cookie, Buffer.from(name)])), socket, TYPE.welcome);
  return { socket, key: welcome.subarray(HEADER_BYTES + MEMBER_NUMBER_BYTES) };
}

/** Sends a message again and again until one of a type has come: datagrams get lost. */
async function ask(from, request, to, type) {
  const again = setInterval(() => from.send(request), RETRY_MS);
  from.send(request);
  try {
    for (;;) {
      const [answer] = await once(to, 'message');
      if (answer[2] === type) return answer;
    }
  } finally {
    clearInterval(again);
  }
}

function message(type, payload) {
  return Buffer.concat([Buffer.from([0x53, 0x4c, type, payload.length >> 8, payload.length & 0xff]), payload]);
}
