import { shown, utf8 } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { openUdpPeer } from '../../lab/peers/udp-peer.ts';
import type { Experiment } from '../../lab/experiment.ts';
import type { UdpPeer } from '../../lab/peers/udp-peer.ts';
import type { Text } from '../../text.ts';

/** Result of one receiver. */
interface Heard {
  readonly messages: readonly string[];
  /** Distinct source ports of its datagrams. */
  readonly sourcePorts: readonly number[];
}

/** What lesson 8 measures. */
export interface Facts {
  readonly senderPort: number;
  readonly messages: readonly string[];
  /** Datagrams that the one socket sent. */
  readonly sends: number;
  readonly heard: readonly Heard[];
}

const experiment: Experiment<Facts> = defineExperiment({
  id: 'one-to-many',
  lesson: 8,
  title: { en: 'One sender, many receivers', zh: '一对多' },
  question: {
    en: 'Does one UDP socket reach many receivers, without a connection to any of them?',
    zh: '一个 UDP 套接字能不能不建立任何连接，就把消息发给多个接收方？',
  },
  why: {
    en: 'A UDP socket belongs to no peer: each send names the address it is for, so one socket serves as many as there are addresses. It still sends one datagram for each; over TCP the sender would need a connection, and a socket, for every receiver.',
    zh: 'UDP 套接字不属于任何一个对端：每次发送都写明目的地址，所以一个套接字就能服务任意多个对端。不过仍然要给每个对端各发一个数据报；如果用 TCP，每个接收方都需要一条连接和一个套接字。',
  },
  params: {
    receivers: { default: 5, min: 2, max: 50, unit: 'count', help: { en: 'How many receive', zh: '接收方的数量' } },
    messages: { default: 3, min: 1, max: 20, unit: 'count', help: { en: 'Messages to each', zh: '发给每一方的消息数' } },
  },

  async run(lab, { receivers, messages }) {
    const sender = await openUdpPeer(lab, { name: { en: 'sender', zh: '发送方' } });
    const peers: UdpPeer[] = [];
    for (let index = 0; index < receivers; index++) peers.push(await openUdpPeer(lab, { name: receiverName(index) }));
    const texts = Array.from({ length: messages }, (_, index) => `news ${index + 1}`);
    return { senderPort: sender.port, messages: texts, ...(await tellAll(sender, peers, texts)) };
  },

  verdict({ senderPort, messages, sends, heard }) {
    const areWhole = countWhole(heard, messages) === heard.length;
    return areWhole && areFrom(senderPort, heard) && sends === heard.length * messages.length ? 'yes' : 'no';
  },
  expected: () => 'yes',
  challenges: [
    {
      text: { en: 'Let one socket send more than 100 datagrams.', zh: '让一个套接字发出 100 个以上的数据报。' },
      isMet: ({ sends }) => sends > 100,
    },
    {
      text: {
        en: 'Tell 40 receivers or more a single thing each: how many connections would TCP need?',
        zh: '给 40 个以上的接收方各发一条消息：用 TCP 需要多少条连接？',
      },
      isMet: ({ heard, messages }) => heard.length >= 40 && messages.length === 1,
    },
  ],
  rows: ({ messages, sends, heard, senderPort }) => [
    {
      label: { en: 'sent', zh: '发送' },
      value: {
        en: `${sends} datagrams by one socket: ${messages.length} messages to each of ${heard.length} receivers`,
        zh: `一个套接字发出 ${sends} 个数据报：给 ${heard.length} 个接收方各 ${messages.length} 条消息`,
      },
    },
    {
      label: { en: 'heard', zh: '收到' },
      value: {
        en: `by ${countWhole(heard, messages)} of ${heard.length}, ${areFrom(senderPort, heard) ? "all from the sender's one port" : 'from several ports'}`,
        zh: `${heard.length} 个接收方中有 ${countWhole(heard, messages)} 个收齐，${areFrom(senderPort, heard) ? '全部来自发送方的同一个端口' : '来自多个端口'}`,
      },
    },
    {
      label: { en: 'over TCP', zh: '若用 TCP' },
      value: { en: `it would take ${heard.length} connections`, zh: `需要 ${heard.length} 条连接` },
    },
  ],
});

function receiverName(index: number): Text {
  return { en: `receiver ${index + 1}`, zh: `接收方 ${index + 1}` };
}

function countWhole(heard: readonly Heard[], messages: readonly string[]): number {
  return heard.filter((one) => one.messages.join() === messages.join()).length;
}

function areFrom(port: number, heard: readonly Heard[]): boolean {
  return heard.every(({ sourcePorts }) => sourcePorts.length === 1 && sourcePorts[0] === port);
}

async function tellAll(sender: UdpPeer, peers: readonly UdpPeer[], texts: readonly string[]): Promise<Pick<Facts, 'sends' | 'heard'>> {
  const flows = peers.map((peer, index) =>
    sender.flowTo(peer, { en: `to ${receiverName(index).en}`, zh: `发给${receiverName(index).zh}` }),
  );
  const heard = peers.map(() => ({ messages: new Array<string>(), sourcePorts: new Set<number>() }));
  let sends = 0;
  for (const text of texts) {
    await Promise.all(flows.map((flow) => flow.send(utf8(text))));
    sends += flows.length;
    // All have received before the next send: a burst is never larger than the number of receivers.
    const datagrams = await Promise.all(peers.map((peer) => peer.receive()));
    for (const [index, { payload, sourcePort }] of datagrams.entries()) {
      heard[index]?.messages.push(shown(payload));
      heard[index]?.sourcePorts.add(sourcePort);
    }
  }
  return { sends, heard: heard.map(({ messages, sourcePorts }) => ({ messages, sourcePorts: [...sourcePorts] })) };
}

export default experiment;
