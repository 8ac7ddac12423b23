import { createServer } from 'node:net';
import { untilQueued } from './kernel-queue.ts';
import { acceptFrom, closeWithRun, endsOf, listenOnLoopback, portOf } from './loopback-sockets.ts';
import { connectReceiver } from './receiver.ts';
import { createSender } from './sender.ts';
import type { Text } from '../../text.ts';
import type { RunScope } from '../base/closers.ts';
import type { Recorder } from '../record/recorder.ts';
import type { RecvProgram } from '../record/recv.ts';
import type { Trace } from '../record/trace.ts';
import type { Arrival } from './kernel-queue.ts';
import type { Receiver } from './receiver.ts';
import type { WatchSegments } from './segments/segment-watch.ts';
import type { Sender, SendOptions } from './sender.ts';
import type { BytesIn } from '@socklab/framing';

/** One real TCP connection over loopback. */
export interface TcpPair<Result> {
  readonly sender: Sender;
  readonly receiver: Receiver<Result>;
  /**
   * Resolves with the evidence once `byteLength` bytes wait in the receive queue of the kernel. Call before `receiver.start()`.
   */
  readonly arrived: (byteLength: number) => Promise<Arrival>;
  /**
   * Sends each piece after the receiver has read the previous one, so that no read can contain two pieces. Starts the receiver.
   * When its program has ended it reads no more; the remaining pieces are sent without waiting. Without lengths of messages, all
   * pieces together are one message.
   */
  readonly deliver: (pieces: readonly BytesIn[], options?: SendOptions) => Promise<void>;
}

/** Options of {@link openTcpPair}. */
export interface TcpPairOptions {
  /** Label of the flow. */
  readonly label?: Text;
  /**
   * Find out which segments carried the bytes. A capture begins before the connection does; what it or the kernel tells is asked for when all
   * was read, and the sender's end waits for it: no pause of ours stands between a write and its read. @defaultValue false
   */
  readonly hasSegments?: boolean;
}

/** Dependencies of {@link openTcpPair}. */
export interface TcpPairDependencies {
  readonly scope: RunScope;
  readonly trace: Trace;
  readonly watchSegments: WatchSegments;
}

const CONNECTION: Text = { en: 'connection', zh: '连接' };

/** Opens a connection whose receiving end runs `program`. */
export async function openTcpPair<Result>(
  program: RecvProgram<Result>,
  { label = CONNECTION, hasSegments = false }: TcpPairOptions,
  { scope, trace, watchSegments }: TcpPairDependencies,
): Promise<TcpPair<Result>> {
  const server = await listenOnLoopback(scope, createServer());
  const port = portOf(server);
  const watch = hasSegments ? await watchSegments(port) : undefined;
  const recorder = trace.converse({ label, transport: 'tcp', ends: () => endsOf(accepted, 'to') });
  const { receiver: plainReceiver, socket } = connectReceiver(port, program, recorder);
  closeWithRun(scope, socket);
  const accepted = await acceptFrom(scope, server, socket);
  server.close();
  const plain = createSender(accepted, recorder);
  const ports = { localPort: accepted.remotePort ?? 0, remotePort: port };
  const ends = { sender: plain, receiver: plainReceiver };
  const { sender, receiver } = watch === undefined ? ends : watchedEnds(ends, recorder, () => watch.tell(recorder, ports.localPort));
  return {
    sender,
    receiver,
    async arrived(byteLength) {
      await sender.written();
      return untilQueued(ports, byteLength, scope.signal);
    },
    async deliver(pieces, { messages = [totalBytes(pieces)] } = {}) {
      receiver.start();
      let sentBytes = 0;
      for (const [index, piece] of pieces.entries()) {
        sender.send(piece, { messages: index === 0 ? messages : [] });
        sentBytes += piece.length;
        await receiver.hasRead(sentBytes);
      }
    },
  };
}

interface PairEnds<Result> {
  readonly sender: Sender;
  readonly receiver: Receiver<Result>;
}

/** The same ends, but before the sender's end goes out, or the result is told, it is told which segments carried the bytes. */
function watchedEnds<Result>({ sender, receiver }: PairEnds<Result>, recorder: Recorder, tell: () => Promise<void>): PairEnds<Result> {
  let told: Promise<void> | undefined;
  const tellOnce = (): Promise<void> => {
    told ??= tell();
    // Awaiting callers get the rejection.
    told.catch(() => undefined);
    return told;
  };
  return {
    sender: {
      ...sender,
      end: () => {
        void receiver
          .hasRead(recorder.writtenBytes)
          .then(tellOnce)
          .catch(() => undefined)
          .then(() => sender.end());
      },
    },
    receiver: {
      get reads() {
        return receiver.reads;
      },
      get isDone() {
        return receiver.isDone;
      },
      start: () => receiver.start(),
      hasRead: (byteLength) => receiver.hasRead(byteLength),
      async result() {
        const result = await receiver.result();
        await tellOnce();
        return result;
      },
    },
  };
}

function totalBytes(pieces: readonly BytesIn[]): number {
  return pieces.reduce((total, { length }) => total + length, 0);
}
