import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { i32le, lengthPrefixed } from '@socklab/framing';
import { excerpt } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { endsOf, openSockets } from '../../lab/tcp/loopback-sockets.ts';
import { tapSocket } from '../../lab/tcp/tap.ts';
import type { Experiment, Row } from '../../lab/experiment.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Recorder } from '../../lab/record/recorder.ts';
import type { Text } from '../../text.ts';
import type { Bytes } from '@socklab/framing';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** One kind of client. */
interface Visit {
  /** Answer of the service. */
  readonly answer: string;
  /** All bytes sent over the connection. */
  readonly requestBytes: number;
  readonly answerBytes: number;
}

/** What lesson 2 measures. */
export interface Facts {
  readonly question: string;
  /** Answer of the service called directly, without a network. */
  readonly answer: string;
  /** Client/server: own program, own protocol. */
  readonly program: Visit;
  /** Browser/server: any browser, HTTP. */
  readonly browser: Visit & { readonly status: number };
}

const LOOPBACK = '127.0.0.1';
const CODEC = lengthPrefixed({ length: i32le });
const MAX_ANSWER_BYTES = 1_048_576;
const PROGRAM: Text = { en: 'program', zh: '专用客户端' };
const BROWSER: Text = { en: 'browser', zh: '浏览器' };

const experiment: Experiment<Facts> = defineExperiment({
  id: 'client-server-and-browser-server',
  lesson: 2,
  title: { en: 'Client/server and browser/server', zh: 'C/S 与 B/S 架构' },
  question: {
    en: 'Does one service give a program and a browser the same answer, both over TCP?',
    zh: '同一个服务，用专用客户端访问和用浏览器访问，同样都走 TCP，得到的响应一样吗？',
  },
  why: {
    en: 'Browser/server is client/server with a client that everybody has: below its HTTP there is the same TCP connection, and the same question where a message ends. A protocol of your own needs a program of your own and a few bytes; HTTP brings headers, and needs nothing installed.',
    zh: 'B/S 其实就是 C/S，只不过客户端是人人都有的浏览器：HTTP 下面是同样的 TCP 连接，也同样要回答“一条消息到哪里结束”。自己的协议要自己的客户端程序，但只多几个字节；HTTP 要带上请求头和响应头，但用户什么都不用安装。',
  },
  params: {
    characters: {
      default: 12,
      min: 1,
      max: 10_000,
      unit: 'count',
      help: { en: 'Length of the question', zh: '请求的长度（字符数）' },
    },
  },

  async run(lab, { characters }) {
    const question = 'hello, world '.repeat(Math.ceil(characters / 13)).slice(0, characters);
    return { question, answer: serve(question), program: await askAsProgram(lab, question), browser: await askAsBrowser(lab, question) };
  },

  verdict: ({ answer, program, browser }) =>
    program.answer === answer && browser.answer === answer && browser.status === 200 ? 'yes' : 'no',
  expected: () => 'yes',
  challenges: [
    {
      text: {
        en: 'Ask so much that the headers are less than a tenth of the answer over HTTP.',
        zh: '让请求足够长，使 HTTP 响应中头部所占不到十分之一。',
      },
      isMet: ({ answer, browser }) => (browser.answerBytes - answer.length) * 10 < browser.answerBytes,
    },
    {
      text: {
        en: 'Ask so little that HTTP needs more than ten times the bytes of the protocol of your own.',
        zh: '让请求足够短，使 HTTP 用掉的字节数超过自定义协议的十倍。',
      },
      isMet: ({ program, browser }) => bytesOf(browser) > 10 * bytesOf(program),
    },
  ],
  rows: ({ question, program, browser }) => [
    {
      label: { en: 'asked', zh: '请求' },
      value: { en: `'${shorten(question)}' to be written in capitals`, zh: `把 '${shorten(question)}' 改成大写` },
    },
    visitRow(PROGRAM, program, { en: 'its own framing over TCP', zh: 'TCP 之上自己的分帧' }),
    visitRow(BROWSER, browser, { en: 'HTTP over TCP', zh: 'TCP 之上的 HTTP' }),
    {
      label: { en: 'note', zh: '说明' },
      value: {
        en: "the browser is Node's HTTP client, which sends fewer headers than a browser does",
        zh: '这里的“浏览器”是 Node 的 HTTP 客户端，发送的请求头比真正的浏览器少',
      },
    },
  ],
});

/** All bytes of a question and its answer. */
function bytesOf({ requestBytes, answerBytes }: Visit): number {
  return requestBytes + answerBytes;
}

/** The service, independent of the transport. */
function serve(question: string): string {
  return question.toUpperCase();
}

async function askAsProgram(lab: Lab, question: string): Promise<Visit> {
  const { client, answered, counted } = await openVisit(lab, PROGRAM, answerFrames);
  client.end(CODEC.encode(Buffer.from(question)));
  const decoder = CODEC.createDecoder();
  for await (const chunk of client) decoder.push(chunk as Bytes);
  const answer = decoder.next() ?? new Uint8Array(0);
  decoder.end();
  answered.message({ start: 0, end: answered.writtenBytes }, excerpt(answer));
  return { answer: Buffer.from(answer).toString(), ...counted() };
}

function answerFrames(stream: Duplex): void {
  const decoder = CODEC.createDecoder();
  stream.on('data', (chunk: Bytes) => {
    decoder.push(chunk);
    const frame = decoder.next();
    if (frame !== undefined) stream.end(CODEC.encode(Buffer.from(serve(Buffer.from(frame).toString()))));
  });
}

async function askAsBrowser(lab: Lab, question: string): Promise<Facts['browser']> {
  const server = createServer((incoming, response) => {
    bodyOf(incoming).then(
      (body) => response.end(serve(body)),
      // The client sees the error on its connection.
      () => response.destroy(),
    );
  });
  const { client, answered, counted } = await openVisit(lab, BROWSER, (stream) => void server.emit('connection', stream));
  const outgoing = request({ method: 'POST', path: '/capitals', host: LOOPBACK, createConnection: () => client });
  const closed = new Promise((resolve) => void outgoing.once('close', resolve));
  // Before the response its promise rejects; after it, the body does.
  outgoing.on('error', () => undefined);
  outgoing.setHeader('connection', 'close').end(question);
  const [response] = (await once(outgoing, 'response', { signal: lab.signal })) as [IncomingMessage];
  const answer = await bodyOf(response);
  answered.message({ start: 0, end: answered.writtenBytes }, excerpt(Buffer.from(answer)));
  await closed;
  return { answer, status: response.statusCode ?? 0, ...counted() };
}

interface OpenVisit {
  readonly client: Duplex;
  readonly answered: Recorder;
  readonly counted: () => Pick<Visit, 'requestBytes' | 'answerBytes'>;
}

/** Opens a connection to a service that `answers` on it. */
async function openVisit(lab: Lab, { en, zh }: Text, answers: (stream: Duplex) => void): Promise<OpenVisit> {
  const { client, server } = await openSockets(lab);
  const asked = lab.converse({ label: { en: `${en}: request`, zh: `${zh}：请求` }, transport: 'tcp', ends: () => endsOf(client, 'from') });
  const answered = lab.converse({ label: { en: `${en}: answer`, zh: `${zh}：回应` }, transport: 'tcp', ends: () => endsOf(server, 'to') });
  answers(tapSocket(server, answered, asked));
  return {
    client: tapSocket(client, asked, answered),
    answered,
    counted: () => ({ requestBytes: asked.writtenBytes, answerBytes: answered.writtenBytes }),
  };
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    byteLength += chunk.length;
    if (byteLength > MAX_ANSWER_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function visitRow(label: Text, { answer, requestBytes, answerBytes }: Visit, how: Text): Row {
  return {
    label,
    value: {
      en: `'${shorten(answer)}', by ${how.en}: ${requestBytes} bytes there, ${answerBytes} back`,
      zh: `'${shorten(answer)}'，${how.zh}：去 ${requestBytes} 字节，回 ${answerBytes} 字节`,
    },
  };
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

export default experiment;
