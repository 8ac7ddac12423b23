import { shown, utf8 } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { openUdpPeer } from '../../lab/peers/udp-peer.ts';
import type { Experiment } from '../../lab/experiment.ts';
import type { UdpPeer } from '../../lab/peers/udp-peer.ts';

/** What one peer heard, and from whom. */
interface Heard {
  readonly peer: number;
  readonly from: readonly {
    /** The peer whose port the datagram came from; 0 for a port of none of them. */
    readonly peer: number;
    readonly text: string;
  }[];
}

/** What lesson 9 measures. Peers count from 1. */
export interface Facts {
  readonly peers: number;
  readonly sends: number;
  readonly heard: readonly Heard[];
}

const experiment: Experiment<Facts> = defineExperiment({
  id: 'many-to-many',
  lesson: 9,
  title: { en: 'Everybody to everybody', zh: '多对多' },
  question: {
    en: 'Does each of many peers hear all others on its one socket, and know who said what?',
    zh: '多个对端各用一个套接字，能不能收到其他所有人的消息，并且知道每条是谁发的？',
  },
  why: {
    en: 'The kernel hands over each datagram with the address it came from, so one socket hears everybody and tells them apart. Among n peers that takes n sockets and n * (n - 1) datagrams; with TCP it would be a connection for every pair.',
    zh: '内核交付每个数据报时都附上来源地址，所以一个套接字就能听到所有人，并且分得清是谁。n 个对端只需要 n 个套接字和 n × (n − 1) 个数据报；如果用 TCP，则每一对之间都要一条连接。',
  },
  params: {
    peers: { default: 4, min: 2, max: 12, unit: 'count', help: { en: 'How many talk to each other', zh: '互相通信的对端数量' } },
  },

  async run(lab, { peers: count }) {
    const peers: UdpPeer[] = [];
    for (let index = 0; index < count; index++)
      peers.push(await openUdpPeer(lab, { name: { en: `peer ${index + 1}`, zh: `对端 ${index + 1}` } }));
    return { peers: count, ...(await talk(peers)) };
  },

  verdict: ({ peers, sends, heard }) => (sends === peers * (peers - 1) && heard.every((one) => hasHeardAll(one, peers)) ? 'yes' : 'no'),
  expected: () => 'yes',
  challenges: [
    {
      text: { en: 'Find the fewest peers that need more than 100 datagrams.', zh: '找出最少要多少个对端，才需要 100 个以上的数据报。' },
      isMet: ({ peers, sends }) => sends > 100 && (peers - 1) * (peers - 2) <= 100,
    },
    {
      text: {
        en: 'Find the fewest peers for which TCP would need more than 30 connections.',
        zh: '找出最少要多少个对端，用 TCP 才需要 30 条以上的连接。',
      },
      isMet: ({ peers }) => pairs(peers) > 30 && pairs(peers - 1) <= 30,
    },
  ],
  rows: ({ peers, sends, heard }) => [
    {
      label: { en: 'sent', zh: '发送' },
      value: {
        en: `${sends} datagrams: ${peers} peers, each to ${peers - 1} others`,
        zh: `${sends} 个数据报：${peers} 个对端，各发给其余 ${peers - 1} 个`,
      },
    },
    ...heard.map(({ peer, from }) => ({
      label: { en: `peer ${peer}`, zh: `对端 ${peer}` },
      value: {
        en: `heard ${from.map(({ peer: source, text }) => `'${text}' from ${source}`).join(', ')}`,
        zh: `收到 ${from.map(({ peer: source, text }) => `${source} 发来的 '${text}'`).join('，')}`,
      },
    })),
    {
      label: { en: 'over TCP', zh: '若用 TCP' },
      value: { en: `it would take ${pairs(peers)} connections`, zh: `需要 ${pairs(peers)} 条连接` },
    },
  ],
});

/** A connection for each two. */
function pairs(peers: number): number {
  return (peers * (peers - 1)) / 2;
}

async function talk(peers: readonly UdpPeer[]): Promise<Pick<Facts, 'sends' | 'heard'>> {
  const heard = peers.map((_, index) => ({ peer: index + 1, from: new Array<Heard['from'][number]>() }));
  let sends = 0;
  for (const [speaker, peer] of peers.entries()) {
    const listeners = [...peers.entries()].filter(([index]) => index !== speaker);
    const flows = listeners.map(([index, listener]) =>
      peer.flowTo(listener, { en: `${speaker + 1} to ${index + 1}`, zh: `${speaker + 1} 发给 ${index + 1}` }),
    );
    await Promise.all(flows.map((flow) => flow.send(utf8(greeting(speaker + 1)))));
    sends += flows.length;
    // One sender at a time: all others have received before the next one sends.
    for (const [index, listener] of listeners) {
      const { payload, sourcePort } = await listener.receive();
      heard[index]?.from.push({ peer: 1 + peers.findIndex(({ port }) => port === sourcePort), text: shown(payload) });
    }
  }
  return { sends, heard };
}

function hasHeardAll({ peer, from }: Heard, peers: number): boolean {
  const others = Array.from({ length: peers }, (_, index) => index + 1).filter((other) => other !== peer);
  const isComplete = from.map((one) => one.peer).join() === others.join();
  return isComplete && from.every((one) => one.text === greeting(one.peer));
}

function greeting(peer: number): string {
  return `I am ${peer}`;
}

export default experiment;
