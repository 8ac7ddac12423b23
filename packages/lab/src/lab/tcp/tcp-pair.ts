import { createServer } from 'node:net';
import { untilQueued } from './kernel-queue.ts';
import { acceptFrom, closeWithRun, listenOnLoopback, portOf } from './loopback-sockets.ts';
import { connectReceiver } from './receiver.ts';
import { createSender } from './sender.ts';
import type { Text } from '../../text.ts';
import type { RunScope } from '../base/closers.ts';
import type { Recorder } from '../record/recorder.ts';
import type { RecvProgram } from '../record/recv.ts';
import type { Trace } from '../record/trace.ts';
import type { Arrival } from './kernel-queue.ts';
import type { Receiver } from './receiver.ts';
import type { SegmentCounter } from './segments.ts';
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
   * Ask the kernel how many segments it sent, where it tells. It takes some milliseconds, so it is asked when all was read, and the
   * sender's end waits for the answer: no pause of ours stands between a write and its read. @defaultValue false
   */
  readonly hasSegments?: boolean;
}

/** Dependencies of {@link openTcpPair}. */
export interface TcpPairDependencies {
  readonly scope: RunScope;
  readonly trace: Trace;
  readonly segments: SegmentCounter;
}

const CONNECTION: Text = { en: 'connection', zh: '连接' };

/** Opens a connection whose receiving end runs `program`. */
export async function openTcpPair<Result>(
  program: RecvProgram<Result>,
  { label = CONNECTION, hasSegments = false }: TcpPairOptions,
  { scope, trace, segments }: TcpPairDependencies,
): Promise<TcpPair<Result>> {
  const server = await listenOnLoopback(scope, createServer());
  const port = portOf(server);
  const recorder = trace.converse({ label, transport: 'tcp' });
  const { receiver: plainReceiver, socket } = connectReceiver(port, program, recorder);
  closeWithRun(scope, socket);
  const accepted = await acceptFrom(scope, server, socket);
  server.close();
  const plain = createSender(accepted, recorder);
  const ports = { localPort: accepted.remotePort ?? 0, remotePort: port };
  const senderPorts = { localPort: port, remotePort: ports.localPort };
  const { sender, receiver } = hasSegments
    ? countingSegments({ sender: plain, receiver: plainReceiver }, recorder, () => segments.count(senderPorts))
    : { sender: plain, receiver: plainReceiver };
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

/** The same ends, but before the sender's end goes out, or the result is told, it is counted how many segments carried the bytes. */
function countingSegments<Result>(
  { sender, receiver }: PairEnds<Result>,
  recorder: Recorder,
  count: () => ReturnType<SegmentCounter['count']>,
): PairEnds<Result> {
  let counted: Promise<void> | undefined;
  const countOnce = (): Promise<void> => {
    counted ??= recordSegments(recorder, count);
    // Awaiting callers get the rejection.
    counted.catch(() => undefined);
    return counted;
  };
  return {
    sender: {
      ...sender,
      end: () => {
        void receiver
          .hasRead(recorder.writtenBytes)
          .then(countOnce)
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
        await countOnce();
        return result;
      },
    },
  };
}

/** Records the number of segments if the kernel's counter covers exactly the written bytes. */
async function recordSegments(recorder: Recorder, count: () => ReturnType<SegmentCounter['count']>): Promise<void> {
  const range = { start: 0, end: recorder.writtenBytes };
  const totals = await count();
  // Unsent or retransmitted bytes make the counters differ; then the count does not describe this range.
  if (totals?.sentBytes === range.end && range.end > 0) recorder.segments(range, totals.dataSegments);
}

function totalBytes(pieces: readonly BytesIn[]): number {
  return pieces.reduce((total, { length }) => total + length, 0);
}
