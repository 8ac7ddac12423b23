import type { PracticeServer } from './practice-server.ts';

const LINE = { text: String.raw`a line of text\r\n` };
const TEXT = { text: String.raw`grüße, 世界 🌍\n` };

/** Servers that greet each line. */
export const lineServers: readonly PracticeServer[] = [
  {
    name: 'recv-is-message',
    title: { en: 'Answers each recv', zh: '每次 recv 都应答' },
    fault: { en: 'What one recv brings is taken for one line.', zh: '把一次 recv 读到的内容当成一行。' },
    framing: 'line',
    request: LINE,
    plans: 'every-cut',
    serve: async ({ socket, recv }) => {
      for (;;) {
        const chunk = await recv(65_536);
        if (chunk.length === 0) return;
        socket.write(`hello ${chunk.toString('latin1').trimEnd()}\n`);
      }
    },
  },
  {
    name: 'text-per-chunk',
    title: { en: 'Decodes text as it comes', zh: '边收边解码文本' },
    fault: {
      en: 'Each chunk is decoded by itself, and a character that is cut in two becomes two that are none.',
      zh: '每块数据单独解码，被切成两半的字符变成了两个乱码。',
    },
    framing: 'line',
    request: TEXT,
    plans: 'every-cut',
    serve: async ({ socket, recv }) => {
      let text = '';
      for (;;) {
        const chunk = await recv(65_536);
        if (chunk.length === 0) return;
        text += chunk.toString('utf8');
        for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
          socket.write(`hello ${text.slice(0, end)}\n`);
          text = text.slice(end + 1);
        }
      }
    },
  },
  {
    name: 'crlf-per-chunk',
    title: { en: 'Looks for CR LF in what it reads', zh: '在读到的内容里找 CR LF' },
    fault: {
      en: 'The end of a line is looked for in each chunk alone, and never found when it is cut in two.',
      zh: '只在每块数据内部找行尾，行尾被切成两半时就永远找不到。',
    },
    framing: 'line',
    request: LINE,
    plans: 'every-cut',
    serve: async ({ socket, recv }) => {
      let line = '';
      for (;;) {
        const bytes = await recv(65_536);
        if (bytes.length === 0) return;
        let chunk = bytes.toString('latin1');
        for (let end = chunk.indexOf('\r\n'); end !== -1; end = chunk.indexOf('\r\n')) {
          socket.write(`hello ${line}${chunk.slice(0, end)}\r\n`);
          line = '';
          chunk = chunk.slice(end + 2);
        }
        line += chunk;
      }
    },
  },
  {
    name: 'line',
    title: { en: 'Does it right, with lines', zh: '正确的做法：按行' },
    fault: {
      en: 'None: bytes are kept until the end of a line is there, and only whole lines are decoded.',
      zh: '没有错误：字节一直保留到行尾到达，只解码完整的行。',
    },
    framing: 'line',
    request: TEXT,
    plans: 'every-cut+glue:2+glue+cut',
    serve: async ({ socket, recv }) => {
      let pending: Buffer = Buffer.alloc(0);
      for (;;) {
        const chunk = await recv(65_536);
        if (chunk.length === 0) return;
        pending = Buffer.concat([pending, chunk]);
        for (let end = pending.indexOf('\n'); end !== -1; end = pending.indexOf('\n')) {
          socket.write(`hello ${pending.toString('utf8', 0, end)}\n`);
          pending = pending.subarray(end + 1);
        }
      }
    },
  },
];
