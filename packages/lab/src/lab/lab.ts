import { createClosers } from './base/closers.ts';
import { LabError } from './base/errors.ts';
import { createTrace } from './record/trace.ts';
import { createSegmentWatches } from './tcp/segments/segment-watch.ts';
import { openTcpPair } from './tcp/tcp-pair.ts';
import { createDatagramFlows } from './udp/datagram-flows.ts';
import { openUdpSocket } from './udp/udp-socket.ts';
import type { Text } from '../text.ts';
import type { RunScope } from './base/closers.ts';
import type { RunPackets } from './packets/packet-file.ts';
import type { FlowLabel, Recorder } from './record/recorder.ts';
import type { RecvProgram } from './record/recv.ts';
import type { Recorded } from './record/trace.ts';
import type { SegmentWatch } from './tcp/segments/segment-watch.ts';
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
  /** Watches which segments a port of 127.0.0.1 sends, to tell the recorder of its flow. Call before anything connects to it. */
  watchSegments(senderPort: number): Promise<SegmentWatch>;
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

/** Options of {@link createLab}. */
export interface LabOptions {
  /** The program that captures segments; where it is not, or may not, they are counted. @defaultValue 'tcpdump' */
  readonly tcpdump?: string;
  /** Is told which ports are used and what is written. @defaultValue nobody */
  readonly packets?: RunPackets | undefined;
}

/** Creates a lab. Its pending operations end when `limit` aborts or the lab is closed. */
export function createLab(limit: AbortSignal, { tcpdump = 'tcpdump', packets }: LabOptions = {}): OwnedLab {
  const closers = createClosers();
  const closing = new AbortController();
  const signal = AbortSignal.any([limit, closing.signal]);
  const trace = createTrace(packets?.log);
  const flows = createDatagramFlows(trace);
  const scope: RunScope = {
    signal,
    onClose: (close) => closers.add(close),
    usesPort: (transport, port) => packets?.usesPort(transport, port),
  };
  const watchSegments = createSegmentWatches({ scope, clock: trace.clock, tcpdump });
  return {
    ...scope,
    async tcpPair(program, options = {}) {
      signal.throwIfAborted();
      return openTcpPair(program, options, { scope, trace, watchSegments });
    },
    async udpSocket({ label } = {}) {
      signal.throwIfAborted();
      return openUdpSocket({ scope, flows, label });
    },
    converse: (label) => trace.converse(label),
    watchSegments,
    recorded: () => trace.recorded(),
    close() {
      closing.abort(new LabError('LAB_ERR_CLOSED', 'the run is over'));
      return closers.closeAll();
    },
  };
}
