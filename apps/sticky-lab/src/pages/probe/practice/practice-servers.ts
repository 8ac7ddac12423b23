import {
  crlfPerChunk,
  dropsSecondMessage,
  headerOneRecv,
  lengthPrefixed,
  line,
  offByOneAt1460,
  payloadOneRecv,
  recvIsMessage,
  resetsOnShortRead,
  textPerChunk,
} from '@socklab/probe/gallery';
import { practiceServer } from './practice-server.ts';
import type { PracticeServer } from './practice-server.ts';

/**
 * The servers of the gallery that the page offers, in its order. `shared-buffer` is not among them: what one campaign leaves
 * behind in it would break the next one, also of another user.
 */
export const PRACTICE_SERVERS: readonly PracticeServer[] = [
  practiceServer(headerOneRecv, {
    title: { en: 'Reads a length, then as many bytes', zh: '先读长度，再读那么多字节' },
    fault: {
      en: 'The header is read with one recv, and what is missing of it is taken for zeros.',
      zh: '只用一次 recv 读取头部，没读到的部分被当作零。',
    },
  }),
  practiceServer(payloadOneRecv, {
    title: { en: 'Reads a length, then the payload', zh: '先读长度，再读载荷' },
    fault: { en: 'The payload is read with one recv, however much of it that brings.', zh: '只用一次 recv 读取载荷，读到多少算多少。' },
  }),
  practiceServer(dropsSecondMessage, {
    title: { en: 'Collects bytes until a frame is whole', zh: '攒够一帧再处理' },
    fault: {
      en: 'Of what was read only the first frame is handled; what is behind it is thrown away.',
      zh: '只处理读到的第一帧，后面的字节被丢掉：粘包时会丢消息。',
    },
  }),
  practiceServer(resetsOnShortRead, {
    title: { en: 'Takes half a message for an attack', zh: '把半条消息当成攻击' },
    fault: {
      en: 'A recv that brings less than a whole frame is taken for an attack, and the connection is reset.',
      zh: '一次 recv 没读到完整的一帧就认为是攻击，并重置连接。',
    },
  }),
  practiceServer(offByOneAt1460, {
    title: { en: 'Goes wrong at two positions of 2003', zh: '2003 个位置中只在两处出错' },
    fault: {
      en: 'A read of exactly one Ethernet segment, 1460 bytes, loses its last byte to a terminating zero.',
      zh: '恰好读到一个以太网报文段（1460 字节）时，最后一个字节被结尾的零覆盖。',
    },
    // So that the page shows how few of all cuts break it.
    plans: 'every-cut',
  }),
  practiceServer(lengthPrefixed, {
    title: { en: 'Does it right, with a length', zh: '正确的做法：长度前缀' },
    fault: {
      en: 'None: each part of a frame is read until it is whole, and nothing that comes early is lost.',
      zh: '没有错误：帧的每一部分都读完整，提前到达的字节也不会丢。',
    },
  }),
  practiceServer(recvIsMessage, {
    title: { en: 'Answers each recv', zh: '每次 recv 都响应' },
    fault: { en: 'What one recv brings is taken for one line.', zh: '把一次 recv 读到的内容当成一行。' },
  }),
  practiceServer(textPerChunk, {
    title: { en: 'Decodes text as it comes', zh: '边收边解码文本' },
    fault: {
      en: 'Each chunk is decoded by itself, and a character that is cut in two becomes two that are none.',
      zh: '每次读到的数据单独解码，被切成两半的字符变成了两个乱码。',
    },
  }),
  practiceServer(crlfPerChunk, {
    title: { en: 'Looks for CR LF in what it reads', zh: '在读到的内容里找 CR LF' },
    fault: {
      en: 'The end of a line is looked for in each chunk alone, and never found when it is cut in two.',
      zh: '只在每次读到的数据里找行尾，行尾被切成两半时就永远找不到。',
    },
  }),
  practiceServer(line, {
    title: { en: 'Does it right, with lines', zh: '正确的做法：按行' },
    fault: {
      en: 'None: bytes are kept until the end of a line is there, and only whole lines are decoded.',
      zh: '没有错误：字节一直保留到行尾到达，只解码完整的行。',
    },
  }),
];
