import { lookup } from 'node:dns/promises';
import { endianness } from 'node:os';
import { alike, shown, utf8 } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { openUdpPeer } from '../../lab/peers/udp-peer.ts';
import { readSocketRow } from '../../lab/tcp/socket-table.ts';
import type { ParameterSpec } from '../../lab/base/parameters.ts';
import type { Experiment, Row } from '../../lab/experiment.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Text } from '../../text.ts';

/** The same address, written in another way. */
interface Spelling {
  readonly written: string;
  /** How the system reads it; `null` if it refuses it. */
  readonly takenFor: string | null;
}

/** What lesson 1 measures. */
export interface Facts {
  readonly address: string;
  /** Its 32 bits, eight for each number. */
  readonly bits: string;
  /** Its 32 bits as one number. */
  readonly number: number;
  readonly spellings: readonly Spelling[];
  /** A datagram for a socket at 127.0.0.1, addressed by this number. */
  readonly datagram: { readonly sentTo: string; readonly boundTo: string; readonly arrived: string };
  /** The kernel's table entry for 127.0.0.1; `null` if the system has no such table. */
  readonly kernel: { readonly word: string; readonly number: number } | null;
  /** The address within the 128 bits of IPv6. */
  readonly six: {
    readonly written: string;
    readonly groups: string;
    readonly bits: number;
    /** Source address of a datagram from 127.0.0.1 as an IPv6 socket sees it; `null` without IPv6. */
    readonly sourceSeen: string | null;
  };
}

const LOOPBACK = '127.0.0.1';
const LOOPBACK_NUMBER = 2_130_706_433;
const GREETING = 'hello';
const NO_IPV6_CODES: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);
const UNKNOWN: Text = { en: 'this machine does not tell', zh: '本机看不到' };

const experiment: Experiment<Facts> = defineExperiment({
  id: 'address-is-32-bits',
  lesson: 1,
  title: { en: 'An address is 32 bits', zh: 'IP 地址就是 32 位二进制数' },
  question: {
    en: 'Is an IPv4 address one number of 32 bits, which the system takes in any spelling?',
    zh: 'IPv4 地址是不是一个 32 位的数，无论写成什么样子，系统都认得？',
  },
  why: {
    en: 'The kernel and every packet carry an IPv4 address as 32 bits; four decimal numbers with dots, 8 bits each, are only how people write it. IPv6 has 128 bits, and keeps a range of them in which every IPv4 address has its place.',
    zh: '内核和每个数据包里的 IPv4 地址都只是 32 个二进制位；用点隔开的四个十进制数（每个 8 位）只是给人看的写法。IPv6 地址有 128 位，其中专门留出一段，让每个 IPv4 地址都有自己的位置。',
  },
  params: {
    first: octet(100, { en: 'First number of the address', zh: '地址的第一个数' }),
    second: octet(4, { en: 'Second number', zh: '第二个数' }),
    third: octet(5, { en: 'Third number', zh: '第三个数' }),
    fourth: octet(6, { en: 'Fourth number', zh: '第四个数' }),
  },

  async run(lab, { first, second, third, fourth }) {
    const octets = [first, second, third, fourth];
    const address = octets.join('.');
    const number = octets.reduce((sum, value) => sum * 256 + value, 0);
    const spellings: Spelling[] = [];
    for (const written of spell(octets, number)) spellings.push({ written, takenFor: await takenFor(written) });
    return {
      address,
      bits: octets.map((value) => value.toString(2).padStart(8, '0')).join('.'),
      number,
      spellings,
      ...(await sendToNumber(lab)),
      six: { ...mapped(octets, address), sourceSeen: await sourceSeenBySix(lab) },
    };
  },

  verdict({ address, spellings, datagram, kernel, six }) {
    const areTaken = spellings.every(({ takenFor: taken }) => taken === address);
    const isSameInKernel = datagram.arrived === GREETING && (kernel === null || kernel.number === LOOPBACK_NUMBER);
    return areTaken && isSameInKernel && (six.sourceSeen ?? LOOPBACK).endsWith(LOOPBACK) ? 'yes' : 'no';
  },
  expected: () => 'yes',
  challenges: [
    {
      text: { en: 'Make it *2130706433*: this machine, as one number.', zh: '让它等于 *2130706433*：把本机地址写成一个数。' },
      isMet: ({ number }) => number === 2_130_706_433,
    },
    {
      text: { en: 'Choose an address of which a single bit is set.', zh: '选一个只有一位是 1 的地址。' },
      isMet: ({ bits }) => bits.replaceAll(/[^1]/g, '').length === 1,
    },
  ],
  rows: ({ address, bits, number, spellings, datagram, kernel, six }) => [
    { label: { en: 'address', zh: '地址' }, value: alike(address) },
    { label: { en: '32 bits', zh: '32 位' }, value: alike(bits) },
    { label: { en: 'one number', zh: '一个数' }, value: alike(`${number}`) },
    ...spellings.map(describeSpelling),
    {
      label: { en: 'datagram', zh: '数据报' },
      value: {
        en: `sent to ${datagram.sentTo}, arrived at ${datagram.boundTo}: '${datagram.arrived}'`,
        zh: `发往 ${datagram.sentTo}，到达 ${datagram.boundTo}：'${datagram.arrived}'`,
      },
    },
    { label: { en: 'in the kernel', zh: '内核里' }, value: describeWord(kernel) },
    { label: alike('IPv6'), value: alike(`${six.written} = ${six.groups}`) },
    {
      label: { en: `${six.bits} bits`, zh: `${six.bits} 位` },
      value:
        six.sourceSeen === null
          ? { en: 'this machine has no IPv6', zh: '本机没有 IPv6' }
          : {
              en: `an IPv6 socket sees a datagram from ${LOOPBACK} come from ${six.sourceSeen}`,
              zh: `IPv6 套接字看到来自 ${LOOPBACK} 的数据报，其来源是 ${six.sourceSeen}`,
            },
    },
  ],
});

function octet(value: number, help: Text): ParameterSpec {
  return { default: value, min: 0, max: 255, unit: 'count', help };
}

/** Spellings accepted by `inet_aton`: one number, hex, octal, and fewer dots. Source: inet(3). */
function spell(octets: readonly number[], number: number): readonly string[] {
  const [first = 0] = octets;
  return [
    `${number}`,
    `0x${number.toString(16)}`,
    `${first}.${number % 2 ** 24}`,
    octets.map((value) => `0${value.toString(8)}`).join('.'),
  ];
}

async function takenFor(written: string): Promise<string | null> {
  try {
    return (await lookup(written, { family: 4 })).address;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

async function sendToNumber(lab: Lab): Promise<Pick<Facts, 'datagram' | 'kernel'>> {
  const receiver = await openUdpPeer(lab);
  const sender = await openUdpPeer(lab);
  const sentTo = `${LOOPBACK_NUMBER}`;
  await sender.flowTo(receiver, { en: `to ${sentTo}`, zh: `发往 ${sentTo}` }, sentTo).send(utf8(GREETING));
  const { payload } = await receiver.receive();
  const row = await readSocketRow('udp', { localPort: receiver.port, remotePort: 0 });
  return {
    datagram: { sentTo, boundTo: LOOPBACK, arrived: shown(payload) },
    kernel: row === undefined ? null : { word: row.localAddress, number: wordNumber(row.localAddress) },
  };
}

/** The table shows a number in the byte order of the machine; on the wire and in dotted form the most significant byte is first. */
function wordNumber(word: string): number {
  const bytes = Buffer.from(word, 'hex');
  return endianness() === 'LE' ? bytes.readUInt32LE() : bytes.readUInt32BE();
}

/** An IPv4 address as IPv6 writes it. Source: RFC 4291, 2.5.5.2. */
function mapped(octets: readonly number[], address: string): Omit<Facts['six'], 'sourceSeen'> {
  const bytes = [...Array.from({ length: 10 }, () => 0), 0xff, 0xff, ...octets];
  const groups = Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/.{4}(?=.)/g, '$&:');
  return { written: `::ffff:${address}`, groups, bits: bytes.length * 8 };
}

async function sourceSeenBySix(lab: Lab): Promise<string | null> {
  try {
    const receiver = await openUdpPeer(lab, { address: `::ffff:${LOOPBACK}` });
    const sender = await openUdpPeer(lab);
    await sender.flowTo(receiver, { en: 'to an IPv6 socket', zh: '发往 IPv6 套接字' }).send(utf8(GREETING));
    return (await receiver.receive()).sourceAddress;
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_IPV6_CODES.has(error.code)) return null;
    throw error;
  }
}

function describeSpelling({ written, takenFor: taken }: Spelling): Row {
  const value = taken === null ? { en: 'refused', zh: '系统不认' } : { en: `is taken for ${taken}`, zh: `系统认作 ${taken}` };
  return { label: alike(written), value };
}

function describeWord(kernel: Facts['kernel']): Text {
  if (kernel === null) return UNKNOWN;
  return {
    en: `${LOOPBACK} is ${kernel.word} in its table: the number ${kernel.number}, in this machine's byte order`,
    zh: `${LOOPBACK} 在内核的表里是 ${kernel.word}：按本机字节序就是 ${kernel.number} 这个数`,
  };
}

export default experiment;
