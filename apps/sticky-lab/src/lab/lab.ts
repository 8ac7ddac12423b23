import { createClosers } from './closers.ts';
import { LabError } from './errors.ts';
import type { RecvProgram } from './recv.ts';
import { openTcpPair, type TcpPair } from './tcp-pair.ts';
import { openUdpSocket, type UdpSocket } from './udp-socket.ts';

/** All that a run may touch. What it opens is closed when the run ends, however it ends. */
export interface Lab {
  /** Aborts when the time limit is reached or the run is over: nothing may wait longer. */
  readonly signal: AbortSignal;
  /** Opens a loopback connection whose receiving end runs `program` once started. */
  tcpPair<Result>(program: RecvProgram<Result>): Promise<TcpPair<Result>>;
  /** Opens a UDP socket on loopback. */
  udpSocket(): Promise<UdpSocket>;
}

/** A lab, and what only its owner may do. */
export interface OwnedLab extends Lab {
  /** Closes all that was opened; resolves when it is closed. */
  close(): Promise<void>;
}

/** Makes a lab. What waits in it ends when `limit` aborts, and when it is closed. */
export function createLab(limit: AbortSignal): OwnedLab {
  const closers = createClosers();
  const closing = new AbortController();
  const signal = AbortSignal.any([limit, closing.signal]);
  return {
    signal,
    async tcpPair(program) {
      signal.throwIfAborted();
      return openTcpPair(program, closers, signal);
    },
    async udpSocket() {
      signal.throwIfAborted();
      return openUdpSocket(closers, signal);
    },
    close() {
      closing.abort(new LabError('LAB_ERR_CLOSED', 'the run is over'));
      return closers.closeAll();
    },
  };
}
