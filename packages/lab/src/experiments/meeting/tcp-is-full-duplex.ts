import { shown, utf8 } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { openTcpEnds, readBytes } from '../../lab/peers/tcp-ends.ts';
import { untilQueued } from '../../lab/tcp/kernel-queue.ts';
import { readSocketRow } from '../../lab/tcp/socket-table.ts';
import type { Experiment } from '../../lab/experiment.ts';
import type { Lab } from '../../lab/lab.ts';
import type { TcpEnd } from '../../lab/peers/tcp-ends.ts';
import type { Text } from '../../text.ts';

/** What lesson 4 measures. */
export interface Facts {
  /** Bytes that each side wrote before either side read. */
  readonly bytes: number;
  /** Bytes waiting to be read at each end at that moment; `null` if the system does not show them. */
  readonly waiting: { readonly client: number; readonly server: number } | null;
  /** Whether each side then read exactly what the other had written. */
  readonly isClientIntact: boolean;
  readonly isServerIntact: boolean;
  /** What the client still received after it had ended its own direction. */
  readonly afterEnd: { readonly sent: string; readonly arrived: string };
}

const LAST_WORDS = 'still here';

const experiment: Experiment<Facts> = defineExperiment({
  id: 'tcp-is-full-duplex',
  lesson: 4,
  title: { en: 'TCP is full duplex', zh: 'TCP 是全双工的' },
  question: {
    en: 'Do both directions of one connection carry bytes at the same time?',
    zh: '同一条连接的两个方向，能同时传输字节吗？',
  },
  why: {
    en: 'A connection is two streams of bytes, one each way, and each has its own queues in both kernels, its own sequence numbers and its own end. So neither side has to wait for its turn, and one direction goes on when the other has ended.',
    zh: '一条连接其实是两条方向相反的字节流，各自在两端内核里有自己的队列、自己的序号，也各自结束。所以谁都不必等对方说完再说，一个方向关闭之后，另一个方向仍然可以继续传输。',
  },
  params: {
    bytes: {
      default: 32_768,
      min: 1,
      max: 65_536,
      unit: 'bytes',
      help: { en: 'What each side writes before either reads', zh: '双方都还没有读取时，每一方写入多少字节' },
    },
  },

  async run(lab, { bytes }) {
    const { client, server } = await openTcpEnds(lab, {
      client: { en: 'client to server', zh: '客户端到服务器' },
      server: { en: 'server to client', zh: '服务器到客户端' },
    });
    const fromClient = Buffer.alloc(bytes, 'c');
    const fromServer = Buffer.alloc(bytes, 's');
    await Promise.all([client.write(fromClient), server.write(fromServer)]);
    const waiting = await waitingAt(lab, client, server);
    const [atServer, atClient] = await Promise.all([readBytes(server, bytes), readBytes(client, bytes)]);
    client.end();
    await readBytes(server, 1);
    await server.write(utf8(LAST_WORDS));
    const arrived = shown(await readBytes(client, LAST_WORDS.length));
    return {
      bytes,
      waiting,
      isClientIntact: fromServer.equals(atClient),
      isServerIntact: fromClient.equals(atServer),
      afterEnd: { sent: LAST_WORDS, arrived },
    };
  },

  verdict({ waiting, isClientIntact, isServerIntact, afterEnd }) {
    const isAtOnce = waiting === null || (waiting.client > 0 && waiting.server > 0);
    return isAtOnce && isClientIntact && isServerIntact && afterEnd.arrived === afterEnd.sent ? 'yes' : 'no';
  },
  expected: () => 'yes',
  challenges: [
    {
      text: { en: 'Write a single byte each way: is one stream still not the other?', zh: '双方各只写一个字节：两条流还是互不相干吗？' },
      isMet: ({ bytes, isClientIntact, isServerIntact }) => bytes === 1 && isClientIntact && isServerIntact,
    },
    {
      text: {
        en: 'Have more than 100,000 bytes under way at once, both ways together.',
        zh: '让两个方向合计有 100,000 以上的字节同时在路上。',
      },
      isMet: ({ bytes, isClientIntact, isServerIntact }) => 2 * bytes > 100_000 && isClientIntact && isServerIntact,
    },
  ],
  rows: ({ bytes, waiting, isClientIntact, isServerIntact, afterEnd }) => [
    {
      label: { en: 'written', zh: '写入' },
      value: { en: `${bytes} bytes by each side, before either read`, zh: `双方各 ${bytes} 字节，此时都还没有读取` },
    },
    {
      label: { en: 'at that moment', zh: '这一刻' },
      value:
        waiting === null
          ? { en: 'the kernel has taken all of it (this machine does not show its queues)', zh: '内核已全部收下（本机看不到内核队列）' }
          : {
              en: `${waiting.server} bytes wait for the server, ${waiting.client} for the client`,
              zh: `等待服务器读取的有 ${waiting.server} 字节，等待客户端读取的有 ${waiting.client} 字节`,
            },
    },
    { label: { en: 'server read', zh: '服务器读到' }, value: describeIntact(isServerIntact) },
    { label: { en: 'client read', zh: '客户端读到' }, value: describeIntact(isClientIntact) },
    {
      label: { en: 'half closed', zh: '半关闭' },
      value: {
        en: `the client had ended, and still received '${afterEnd.arrived}'`,
        zh: `客户端已经结束发送，仍然收到 '${afterEnd.arrived}'`,
      },
    },
  ],
});

/** Nobody reads meanwhile: the queues can only grow. */
async function waitingAt({ signal }: Lab, client: TcpEnd, server: TcpEnd): Promise<Facts['waiting']> {
  const arrivals = await Promise.all([client, server].map(({ ports }) => untilQueued(ports, 1, signal)));
  if (arrivals.includes('written')) return null;
  const [atClient, atServer] = await Promise.all([client, server].map(({ ports }) => readSocketRow('tcp', ports)));
  return { client: atClient?.receiveQueueBytes ?? 0, server: atServer?.receiveQueueBytes ?? 0 };
}

function describeIntact(isIntact: boolean): Text {
  return isIntact ? { en: 'exactly what the other wrote', zh: '与对方写入的完全一致' } : { en: 'something else', zh: '与对方写入的不一致' };
}

export default experiment;
