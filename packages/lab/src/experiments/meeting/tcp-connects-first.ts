import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { codeOf } from '@socklab/service';
import { alike, utf8 } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { openTcpEnds, readBytes } from '../../lab/peers/tcp-ends.ts';
import { openUdpPeer } from '../../lab/peers/udp-peer.ts';
import { closeWithRun, listenOnLoopback, openSockets, portOf } from '../../lab/tcp/loopback-sockets.ts';
import type { Experiment } from '../../lab/experiment.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Socket as DatagramSocket } from 'node:dgram';
import type { Socket } from 'node:net';

/** What lesson 3 measures. */
export interface Facts {
  /** What happened to a byte sent to a port without a listener. */
  readonly nobodyListens: {
    /** How the connection failed; `null` when it did not. */
    readonly tcpError: string | null;
    readonly isTcpByteTaken: boolean;
    readonly isUdpByteTaken: boolean;
  };
  readonly rounds: number;
  /** Connections accepted by the TCP server, one per round. */
  readonly connections: number;
  /** Medians, in microseconds, from nothing to the first byte of the answer. */
  readonly tcp: { readonly connectedUs: number; readonly firstByteUs: number };
  readonly udp: { readonly firstByteUs: number };
}

const ASK = utf8('?');
const LOOPBACK = '127.0.0.1';

const experiment: Experiment<Facts> = defineExperiment({
  id: 'tcp-connects-first',
  lesson: 3,
  title: { en: 'TCP connects first', zh: 'TCP 先建立连接' },
  question: {
    en: 'Does TCP need an answer before its first byte may go, where UDP just sends?',
    zh: '发出第一个字节之前，TCP 是不是必须先得到对方的响应，而 UDP 直接就发？',
  },
  why: {
    en: 'A TCP connection is something that both kernels have to agree on first: SYN, SYN-ACK, ACK, so one round trip passes before the first byte may leave, and a port at which nobody listens is known at once. A datagram is complete in itself: it goes out at once, and nothing tells the sender whether anybody is there.',
    zh: 'TCP 连接要先由两端内核达成一致：SYN、SYN-ACK、ACK（三次握手），所以第一个字节要等一个往返时间才能发出，端口没有人监听也会马上知道。数据报本身就是完整的：直接发出去，对面有没有人，发送方无从得知。',
  },
  params: {
    rounds: { default: 50, min: 1, max: 500, unit: 'count', help: { en: 'How often each is timed', zh: '各计时多少次' } },
  },

  async run(lab, { rounds }) {
    await showBoth(lab);
    const nobodyListens = await sendToNobody(lab);
    const { connections, ...tcp } = await timeTcp(lab, rounds);
    return { nobodyListens, rounds, connections, tcp, udp: await timeUdp(lab, rounds) };
  },

  verdict({ nobodyListens: { tcpError, isTcpByteTaken, isUdpByteTaken }, rounds, connections }) {
    const needsAnswer = tcpError === 'ECONNREFUSED' && !isTcpByteTaken && connections === rounds;
    return needsAnswer && isUdpByteTaken ? 'yes' : 'no';
  },
  expected: () => 'yes',
  challenges: [
    {
      text: { en: 'Let the kernels shake hands more than 300 times.', zh: '让两端内核握手 300 次以上。' },
      isMet: ({ connections }) => connections > 300,
    },
    {
      text: {
        en: 'Time each only once, and then again: would you print such a number?',
        zh: '只计时一次，然后再来一次：这样的数字你敢写进报告吗？',
      },
      isMet: ({ rounds }) => rounds === 1,
    },
  ],
  rows: ({ nobodyListens, rounds, connections, tcp, udp }) => [
    {
      label: { en: 'nobody listens', zh: '没有人监听' },
      value: {
        en: `TCP: ${nobodyListens.tcpError ?? 'connected'}, ${nobodyListens.isTcpByteTaken ? 'the' : 'no'} byte sent; UDP: ${nobodyListens.isUdpByteTaken ? 'sent, and never heard of again' : 'refused'}`,
        zh: `TCP：${nobodyListens.tcpError ?? '已连接'}，字节${nobodyListens.isTcpByteTaken ? '已发出' : '没有发出'}；UDP：${nobodyListens.isUdpByteTaken ? '已发出，从此没有下文' : '被拒绝'}`,
      },
    },
    {
      label: { en: 'handshakes', zh: '握手' },
      value: { en: `TCP: ${connections} in ${rounds} rounds; UDP: none`, zh: `TCP：${rounds} 轮共 ${connections} 次；UDP：没有` },
    },
    {
      label: alike('TCP'),
      value: {
        en: `first byte after ${tcp.firstByteUs} µs, ${tcp.connectedUs} µs of it to connect (median of ${rounds})`,
        zh: `${tcp.firstByteUs} µs 后收到第一个字节，其中建立连接用了 ${tcp.connectedUs} µs（${rounds} 次的中位数）`,
      },
    },
    {
      label: alike('UDP'),
      value: {
        en: `first byte after ${udp.firstByteUs} µs (median of ${rounds})`,
        zh: `${udp.firstByteUs} µs 后收到第一个字节（${rounds} 次的中位数）`,
      },
    },
    {
      label: { en: 'not judged', zh: '仅供参考' },
      value: {
        en: 'the times: over loopback a round trip costs almost nothing, between cities it is most of the wait',
        zh: '时间只供参考：回环接口上的一个往返几乎不花时间，在城市之间它却是等待的主要部分',
      },
    },
  ],
});

/** One question and its answer over each, for the picture. */
async function showBoth(lab: Lab): Promise<void> {
  const { client, server } = await openTcpEnds(lab, {
    client: { en: 'TCP: the handshake, then the question', zh: 'TCP：先握手，再请求' },
    server: { en: 'TCP: answer', zh: 'TCP：响应' },
    showsHandshake: true,
  });
  const asking = await openUdpPeer(lab);
  const answering = await openUdpPeer(lab);
  const question = asking.flowTo(answering, { en: 'UDP: question', zh: 'UDP：请求' });
  const answer = answering.flowTo(asking, { en: 'UDP: answer', zh: 'UDP：响应' });
  await client.write(ASK);
  await server.write(await readBytes(server, ASK.length));
  await readBytes(client, ASK.length);
  await question.send(ASK);
  await answer.send((await answering.receive()).payload);
  await asking.receive();
}

/** Reserves both ports with connected sockets, so that nobody else can listen there. */
async function sendToNobody(lab: Lab): Promise<Facts['nobodyListens']> {
  const { client } = await openSockets(lab);
  const refused = lab.converse({ label: { en: 'TCP, where nobody listens', zh: 'TCP，没有人监听' }, transport: 'tcp' });
  refused.handshake('connect');
  const tcpPort = client.localPort ?? 0;
  lab.usesPort('tcp', tcpPort);
  const socket = connect({ host: LOOPBACK, port: tcpPort });
  closeWithRun(lab, socket);
  const written = new Promise<boolean>((resolve) => {
    socket.write(ASK, (error) => resolve(error === undefined || error === null));
  });
  const tcpError = await connectError(socket);
  if (tcpError === 'ECONNREFUSED') refused.end('receiver', true);
  const peer = await openUdpPeer(lab);
  const holder = openDatagramSocket(lab);
  holder.connect(peer.port, LOOPBACK);
  await once(holder, 'connect', { signal: lab.signal });
  const udpPort = holder.address().port;
  lab.usesPort('udp', udpPort);
  lab.converse({ label: { en: 'UDP, where nobody listens', zh: 'UDP，没有人监听' }, transport: 'udp' }).write(ASK);
  const isUdpByteTaken = await sendOne(openDatagramSocket(lab), udpPort);
  return { tcpError, isTcpByteTaken: await written, isUdpByteTaken };
}

function connectError(socket: Socket): Promise<string | null> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(null));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

async function timeTcp(lab: Lab, rounds: number): Promise<Facts['tcp'] & Pick<Facts, 'connections'>> {
  let connections = 0;
  const answer = (socket: Socket): void => {
    connections += 1;
    closeWithRun(lab, socket);
    socket.pipe(socket);
  };
  const port = portOf(await listenOnLoopback(lab, createServer(answer)));
  const connected: number[] = [];
  const firstByte: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    const socket = connect({ host: LOOPBACK, port, noDelay: true });
    closeWithRun(lab, socket);
    await once(socket, 'connect', { signal: lab.signal });
    connected.push(performance.now() - startedAt);
    socket.write(ASK);
    await once(socket, 'data', { signal: lab.signal });
    firstByte.push(performance.now() - startedAt);
    socket.end();
    await once(socket, 'close', { signal: lab.signal });
  }
  return { connections, connectedUs: medianUs(connected), firstByteUs: medianUs(firstByte) };
}

async function timeUdp(lab: Lab, rounds: number): Promise<Facts['udp']> {
  const answering = openDatagramSocket(lab);
  answering.on('message', (payload, { port, address }) => answering.send(payload, port, address));
  answering.bind({ address: LOOPBACK, port: 0 });
  await once(answering, 'listening', { signal: lab.signal });
  const { port } = answering.address();
  lab.usesPort('udp', port);
  const firstByte: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    const socket = openDatagramSocket(lab);
    const answered = once(socket, 'message', { signal: lab.signal });
    socket.send(ASK, port, LOOPBACK);
    await answered;
    firstByte.push(performance.now() - startedAt);
    socket.close();
  }
  return { firstByteUs: medianUs(firstByte) };
}

function openDatagramSocket(lab: Lab): DatagramSocket {
  lab.signal.throwIfAborted();
  const socket = createSocket('udp4');
  const closed = once(socket, 'close');
  lab.onClose(async () => {
    try {
      socket.close();
    } catch (error) {
      // Some were closed when they had done their part.
      if (codeOf(error) !== 'ERR_SOCKET_DGRAM_NOT_RUNNING') throw error;
    }
    await closed;
  });
  return socket;
}

function sendOne(socket: DatagramSocket, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    socket.send(ASK, port, LOOPBACK, (error) => resolve(error === null));
  });
}

function medianUs(durationsMs: readonly number[]): number {
  const sorted = durationsMs.toSorted((one, other) => one - other);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 1000);
}

export default experiment;
