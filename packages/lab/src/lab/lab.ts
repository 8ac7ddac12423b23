import { createClosers } from './base/closers.ts';
import { LabError } from './base/errors.ts';
import { createTrace } from './record/trace.ts';
import { createSegmentCounter } from './tcp/segments.ts';
import { openTcpPair } from './tcp/tcp-pair.ts';
import { createDatagramFlows } from './udp/datagram-flows.ts';
import { openUdpSocket } from './udp/udp-socket.ts';
import type { Text } from '../text.ts';
import type { RunScope } from './base/closers.ts';
import type { ConversationLabel, Recorder } from './record/recorder.ts';
import type { RecvProgram } from './record/recv.ts';
import type { Recorded } from './record/trace.ts';
import type { TcpPair, TcpPairOptions } from './tcp/tcp-pair.ts';
import type { UdpSocket } from './udp/udp-socket.ts';

/** All that a run may touch. What it opens is closed when the run ends, however it ends. */
export interface Lab extends RunScope {
  /** Opens a loopback connection whose receiving end runs `program` once started. What happens on it is recorded. */
  tcpPair<Result>(program: RecvProgram<Result>, options?: TcpPairOptions): Promise<TcpPair<Result>>;
  /** Opens a UDP socket on loopback. Each flow from one such socket to another is recorded, as a conversation of its own. */
  udpSocket(options?: UdpSocketOptions): Promise<UdpSocket>;
  /** Begins to record a conversation over sockets of the experiment's own; {@link Lab.onClose} closes those. */
  converse(label: ConversationLabel): Recorder;
}

/** Options of {@link Lab.udpSocket}. */
export interface UdpSocketOptions {
  /** What its flows are called. */
  readonly label?: Text;
}

/** A lab, and what only its owner may do. */
export interface OwnedLab extends Lab {
  /** What was recorded so far. */
  recorded(): Recorded;
  /** Closes all that was opened; resolves when it is closed. */
  close(): Promise<void>;
}

/** Makes a lab. What waits in it ends when `limit` aborts, and when it is closed. */
export function createLab(limit: AbortSignal): OwnedLab {
  const closers = createClosers();
  const closing = new AbortController();
  const signal = AbortSignal.any([limit, closing.signal]);
  const trace = createTrace();
  const flows = createDatagramFlows(trace);
  const segments = createSegmentCounter(signal);
  const scope: RunScope = { signal, onClose: (close) => closers.add(close) };
  return {
    ...scope,
    async tcpPair(program, options = {}) {
      signal.throwIfAborted();
      return openTcpPair(program, options, { scope, trace, segments });
    },
    async udpSocket({ label } = {}) {
      signal.throwIfAborted();
      return openUdpSocket({ scope, flows, label });
    },
    converse: (label) => trace.converse(label),
    recorded: () => trace.recorded(),
    close() {
      closing.abort(new LabError('LAB_ERR_CLOSED', 'the run is over'));
      return closers.closeAll();
    },
  };
}
