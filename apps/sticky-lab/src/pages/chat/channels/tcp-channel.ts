import { ClientError, closeSocket, openSocket } from '@socklab/client';
import { codecByName, framingOf } from '@socklab/framing';
import { hostPort, codeOf } from '@socklab/service';
import { Refusal } from '../../../http/refusal.ts';
import { OPEN_TIMEOUT_MS } from './channel.ts';
import { explain, noConnection } from './failure.ts';
import { FrameReader } from './frame-reader.ts';
import { frameWire } from './wire.ts';
import type { ChatChannel, ChatListener, ChatChannelOptions } from './channel.ts';
import type { Wire } from './events.ts';
import type { ReadMessage } from './frame-reader.ts';
import type { ByteCodec } from '@socklab/framing';
import type { Socket } from 'node:net';

/** Options of {@link openTcpChannel}. */
export interface TcpChannelOptions extends ChatChannelOptions {
  /** A name of `FRAMINGS`. */
  readonly framing: string;
}

/** Longest accepted message, in bytes. */
const MAX_PAYLOAD_BYTES = 65_536;
/** Most bytes that may wait for a peer that does not read. */
const MAX_UNSENT_BYTES = 65_536;

/** Connects. @throws ChatFailure when that fails, or takes too long. */
export async function openTcpChannel(options: TcpChannelOptions): Promise<ChatChannel> {
  const { framing, listener } = options;
  const socket = await open(options);
  const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = socket;
  listener.connected(hostPort(localAddress, localPort), hostPort(remoteAddress, remotePort));
  return new TcpChannel(socket, codecByName(framing, { maxPayloadBytes: MAX_PAYLOAD_BYTES }), options);
}

async function open({ host, port, address, signal }: ChatChannelOptions): Promise<Socket> {
  try {
    return await openSocket({ target: { host, port }, timeoutMs: OPEN_TIMEOUT_MS, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    const isLate = error instanceof ClientError && error.code === 'CLIENT_ERR_CONNECT_TIMEOUT';
    throw isLate ? noConnection(address, OPEN_TIMEOUT_MS) : explain(error, address);
  }
}

class TcpChannel implements ChatChannel {
  readonly #socket: Socket;
  readonly #codec: ByteCodec;
  readonly #keepsBoundaries: boolean;
  readonly #reader: FrameReader;
  readonly #listener: ChatListener;
  readonly #address: string;
  #isDeaf = false;

  constructor(socket: Socket, codec: ByteCodec, { listener, address, framing }: TcpChannelOptions) {
    this.#socket = socket;
    this.#codec = codec;
    this.#keepsBoundaries = framingOf(framing).keepsBoundaries;
    this.#reader = new FrameReader(codec);
    this.#listener = listener;
    this.#address = address;
    socket.on('data', (chunk: Buffer) => this.#hear(this.#reader.read(chunk)));
    socket.on('end', () => {
      this.#hear(this.#reader.end());
      listener.over('peer-ended');
    });
    socket.on('error', (error) => listener.over(isReset(error) ? 'reset' : explain(error, address)));
    socket.on('close', () => listener.over('peer-ended'));
  }

  say(payload: Uint8Array): Wire {
    if (payload.length === 0 && !this.#keepsBoundaries) throw nothingToSend();
    const frame = this.#codec.encode(payload);
    if (this.#socket.writableLength > MAX_UNSENT_BYTES) throw unread(this.#socket.writableLength);
    this.#socket.write(frame);
    return frameWire(this.#codec, payload, frame, frame.length);
  }

  close(): Promise<void> {
    return closeSocket(this.#socket);
  }

  /** After a fault further bytes mean nothing: they are read, so that the end is noticed, and dropped. */
  #hear(messages: Generator<ReadMessage>): void {
    if (this.#isDeaf) return;
    try {
      for (const { payload, wire, reads } of messages) this.#listener.heard({ type: 'peer' }, payload, wire, reads);
    } catch (error) {
      this.#isDeaf = true;
      this.#listener.over(explain(error, this.#address));
    }
  }
}

function isReset(error: Error): boolean {
  const code = codeOf(error);
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function nothingToSend(): Refusal {
  return new Refusal(422, { en: 'without a framing an empty message cannot be sent', zh: '不分帧时，空消息没有任何字节可发' }, 'text');
}

function unread(byteLength: number): Refusal {
  return new Refusal(409, {
    en: `the peer does not read: ${byteLength} bytes wait; allowed: ${MAX_UNSENT_BYTES}`,
    zh: `对方没有读取：已有 ${byteLength} 字节在等待，最多 ${MAX_UNSENT_BYTES} 字节`,
  });
}
