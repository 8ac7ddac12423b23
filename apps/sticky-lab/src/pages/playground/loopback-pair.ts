import { connect, createServer } from 'node:net';
import { acceptFrom, closeWithRun, listenOnLoopback, portOf } from '@socklab/lab';
import type { ConnectionPorts, Lab, SegmentWatch } from '@socklab/lab';
import type { Socket } from 'node:net';

/** Options of {@link openLoopbackPair}. */
export interface LoopbackPairOptions {
  /** Disables Nagle's algorithm on the sending side. */
  readonly noDelay: boolean;
  /** Most bytes that one read takes. */
  readonly readBytes: number;
  /** Called with the bytes of each read. The next read reuses the memory. */
  readonly onRead: (chunk: Uint8Array) => void;
}

/** A real TCP connection over loopback, closed with the run. */
export interface LoopbackPair {
  readonly sending: Socket;
  /** Paused: nothing is read before `resume`. */
  readonly receiving: Socket;
  /** As listed by the receiver's kernel. */
  readonly ports: ConnectionPorts;
  /** Watches what the sending side sends. */
  readonly segments: SegmentWatch;
}

/** Opens a connection whose receiving side reads at most `readBytes` at a time, each read one system call. */
export async function openLoopbackPair(lab: Lab, { noDelay, readBytes, onRead }: LoopbackPairOptions): Promise<LoopbackPair> {
  const server = await listenOnLoopback(lab, createServer({ noDelay }));
  const port = portOf(server);
  const segments = await lab.watchSegments(port);
  const callback = (byteLength: number, memory: Uint8Array): boolean => {
    onRead(memory.subarray(0, byteLength));
    return true;
  };
  // With a buffer of our own the socket reads as recv(n) does.
  const receiving = connect({ host: '127.0.0.1', port, onread: { buffer: new Uint8Array(readBytes), callback } });
  // Before it is connected, so that the first read waits.
  receiving.pause();
  closeWithRun(lab, receiving);
  const sending = await acceptFrom(lab, server, receiving);
  server.close();
  return { sending, receiving, ports: { localPort: receiving.localPort ?? 0, remotePort: port }, segments };
}
