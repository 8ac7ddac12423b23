import { frame } from './connection.ts';
import type { PracticeServer } from './practice-server.ts';

const REQUEST = { hex: frame(Buffer.from('one request, one frame, and one right answer')).toString('hex') };
const LONG_REQUEST = { hex: frame(Buffer.alloc(2000, 'long ')).toString('hex') };
const SEGMENT_BYTES = 1460;

/** Servers that answer each frame with itself. */
export const framedServers: readonly PracticeServer[] = [
  {
    name: 'header-one-recv',
    title: { en: 'Reads a length, then as many bytes', zh: '先读长度，再读那么多字节' },
    fault: {
      en: 'The header is read with one recv, and what is missing of it is taken for zeros.',
      zh: '只用一次 recv 读取首部，没读到的部分被当作零。',
    },
    framing: 'u32be',
    request: REQUEST,
    plans: 'every-cut',
    serve: async ({ socket, recv, recvAll }) => {
      for (;;) {
        const header = Buffer.alloc(4);
        const chunk = await recv(4);
        if (chunk.length === 0) return;
        chunk.copy(header);
        socket.write(frame(await recvAll(header.readUInt32BE())));
      }
    },
  },
  {
    name: 'payload-one-recv',
    title: { en: 'Reads a length, then the payload', zh: '先读长度，再读载荷' },
    fault: { en: 'The payload is read with one recv, however much of it that brings.', zh: '只用一次 recv 读取载荷，读到多少算多少。' },
    framing: 'u32be',
    request: REQUEST,
    plans: 'every-cut',
    serve: async ({ socket, recv, recvAll }) => {
      for (;;) {
        const header = await recvAll(4);
        if (header.length < 4) return;
        socket.write(frame(await recv(header.readUInt32BE())));
      }
    },
  },
  {
    name: 'drops-second-message',
    title: { en: 'Collects bytes until a frame is whole', zh: '攒够一帧再处理' },
    fault: {
      en: 'Of what was read only the first frame is handled; what is behind it is thrown away.',
      zh: '只处理读到的第一帧，后面的字节被丢掉：粘包时会丢消息。',
    },
    framing: 'u32be',
    request: REQUEST,
    plans: 'every-cut+glue:2+glue+cut',
    serve: async ({ socket, recv }) => {
      let pending: Buffer = Buffer.alloc(0);
      for (;;) {
        const chunk = await recv(65_536);
        if (chunk.length === 0) return;
        pending = Buffer.concat([pending, chunk]);
        if (pending.length < 4 || pending.length < 4 + pending.readUInt32BE()) continue;
        socket.write(frame(pending.subarray(4, 4 + pending.readUInt32BE())));
        pending = Buffer.alloc(0);
      }
    },
  },
  {
    name: 'resets-on-short-read',
    title: { en: 'Takes half a message for an attack', zh: '把半条消息当成攻击' },
    fault: {
      en: 'A recv that brings less than a whole frame is taken for an attack, and the connection is reset.',
      zh: '一次 recv 没读到完整的一帧就认为是攻击，并重置连接。',
    },
    framing: 'u32be',
    request: REQUEST,
    plans: 'every-cut',
    serve: async ({ socket, recv }) => {
      for (;;) {
        const chunk = await recv(65_536);
        if (chunk.length === 0) return;
        const isWhole = chunk.length >= 4 && chunk.length === 4 + chunk.readUInt32BE();
        if (!isWhole) {
          socket.resetAndDestroy();
          return;
        }
        socket.write(chunk);
      }
    },
  },
  {
    name: 'off-by-one-at-1460',
    title: { en: 'Goes wrong at two positions of 2003', zh: '2003 个位置中只在两处出错' },
    fault: {
      en: 'A read of exactly one Ethernet segment, 1460 bytes, loses its last byte to a terminating zero.',
      zh: '恰好读到一个以太网报文段（1460 字节）时，最后一个字节被结尾的零覆盖。',
    },
    framing: 'u32be',
    request: LONG_REQUEST,
    plans: 'every-cut',
    serve: async ({ socket, recv }) => {
      let pending: Buffer = Buffer.alloc(0);
      for (;;) {
        const chunk = await recv(65_536);
        if (chunk.length === 0) return;
        pending = Buffer.concat([pending, chunk.length === SEGMENT_BYTES ? chunk.subarray(0, -1) : chunk]);
        while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE()) {
          const end = 4 + pending.readUInt32BE();
          socket.write(frame(pending.subarray(4, end)));
          pending = pending.subarray(end);
        }
      }
    },
  },
  {
    name: 'length-prefixed',
    title: { en: 'Does it right, with a length', zh: '正确的做法：长度前缀' },
    fault: {
      en: 'None: each part of a frame is read until it is whole, and nothing that comes early is lost.',
      zh: '没有错误：帧的每一部分都读完整，提前到达的字节也不会丢。',
    },
    framing: 'u32be',
    request: REQUEST,
    plans: 'every-cut+glue:2+glue+cut',
    serve: async ({ socket, recvAll }) => {
      for (;;) {
        const header = await recvAll(4);
        if (header.length < 4) return;
        const length = header.readUInt32BE();
        const payload = await recvAll(length);
        if (payload.length < length) return;
        socket.write(frame(payload));
      }
    },
  },
];
