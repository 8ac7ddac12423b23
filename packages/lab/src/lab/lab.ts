import { createClosers } from './base/closers.ts';
import { LabError } from './base/errors.ts';
import { createTrace } from './record/trace.ts';
import { createSegmentCounter } from './tcp/segments.ts';
import { openTcpPair } from './tcp/tcp-pair.ts';
import { createDatagramFlows } from './udp/datagram-flows.ts';
import { openUdpSocket } from './udp/udp-socket.ts';
import type { Text } from '../text.ts';
import type { RunScope } from './base/closers.ts';
import type { FlowLabel, Recorder } from './record/recorder.ts';
import type { RecvProgram } from './record/recv.ts';
import type { Recorded } from './record/trace.ts';
import type { TcpPair, TcpPairOptions } from './tcp/tcp-pair.ts';
import type { UdpSocket } from './udp/udp-socket.ts';

/** What a run may use. Everything it opens is closed when the run ends, for whatever reason. */
export interface Lab extends RunScope {
  /** Opens a loopback connection whose receiving end runs `program` once started, and records it. */
  tcpPair<Result>(program: RecvProgram<Result>, options?: TcpPairOptions): Promise<TcpPair<Result>>;
  /** Opens a UDP socket on loopback. What one such socket sends to another is recorded as a flow. */
  udpSocket(options?: UdpSocketOptions): Promise<UdpSocket>;
  /** Starts recording a flow over sockets that the experiment opened; close those by {@link Lab.onClose}. */
  converse(label: FlowLabel): Recorder;
}

/** Options of {@link Lab.udpSocket}. */
export interface UdpSocketOptions {
  /** Label of its flows. */
  readonly label?: Text;
}

/** A lab with the methods of its owner. */
export interface OwnedLab extends Lab {
  /** The recording so far. */
  recorded(): Recorded;
  /** Closes everything; resolves when all is closed. */
  close(): Promise<void>;
}

/** Creates a lab. Its pending operations end when `limit` aborts or the lab is closed. */
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
