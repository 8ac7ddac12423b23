import { LabError } from '../base/errors.ts';
import { createInbox } from '../base/inbox.ts';
import { endsOf, openSockets } from '../tcp/loopback-sockets.ts';
import type { Text } from '../../text.ts';
import type { Lab } from '../lab.ts';
import type { Recorder } from '../record/recorder.ts';
import type { ConnectionPorts } from '../tcp/socket-table.ts';
import type { Bytes, BytesIn } from '@socklab/framing';
import type { Socket } from 'node:net';

/** One end of a connection on which both sides read and write. */
export interface TcpEnd {
  readonly ports: ConnectionPorts;
  /**
   * Writes at once; resolves when the kernel has accepted all bytes. `messageBytes` is for the picture: the lengths of the messages
   * in the bytes. @defaultValue one message
   */
  write(bytes: BytesIn, messageBytes?: readonly number[]): Promise<void>;
  /** Half-closes: ends the sending direction; the other stays open. */
  end(): void;
  /**
   * The result of the next read of at most 64 KiB; empty at the end. Before the first call nothing is read; after it, bytes are
   * read as they arrive.
   */
  read(): Promise<Bytes>;
}

/** Labels of both directions, for the picture. */
export interface DirectionLabels {
  /** Label of the bytes from the client. */
  readonly client: Text;
  /** Label of the bytes from the server. @defaultValue the server sends nothing, and no flow is recorded */
  readonly server?: Text;
  /** Whether the picture begins with how they connected. @defaultValue false */
  readonly showsHandshake?: boolean;
}

/** Both ends of a connection over loopback. */
export interface TcpEnds {
  readonly client: TcpEnd;
  readonly server: TcpEnd;
}

/** Opens a connection that is closed at the end of the run. Each direction is recorded as a flow. */
export async function openTcpEnds(lab: Lab, labels: DirectionLabels): Promise<TcpEnds> {
  const forth = lab.converse({ label: labels.client, transport: 'tcp', ends: () => endsOf(client, 'from') });
  const { client, server } = await openSockets(lab, labels.showsHandshake === true ? (step) => forth.handshake(step) : undefined);
  const back =
    labels.server === undefined ? undefined : lab.converse({ label: labels.server, transport: 'tcp', ends: () => endsOf(server, 'to') });
  return { client: createEnd(client, forth, back), server: createEnd(server, back, forth) };
}

/** Reads until there are `byteLength` bytes; fewer if the other side ends first. */
export async function readBytes(end: TcpEnd, byteLength: number): Promise<Bytes> {
  const chunks: Bytes[] = [];
  for (let missing = byteLength; missing > 0;) {
    const chunk = await end.read();
    if (chunk.length === 0) break;
    chunks.push(chunk);
    missing -= chunk.length;
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function createEnd(socket: Socket, outgoing: Recorder | undefined, incoming: Recorder | undefined): TcpEnd {
  const chunks = createInbox<Bytes>();
  socket.on('data', (chunk: Bytes) => {
    incoming?.read(chunk.length);
    chunks.put(chunk);
  });
  // A 'data' listener starts reading, which must not happen yet.
  socket.pause();
  socket.on('end', () => {
    incoming?.read(0);
    chunks.put(new Uint8Array(0));
  });
  socket.on('error', (error) => chunks.fail(error));
  socket.on('close', () => chunks.fail(new LabError('LAB_ERR_CLOSED', 'the connection closed while bytes were awaited')));
  return {
    ports: { localPort: socket.localPort ?? 0, remotePort: socket.remotePort ?? 0 },
    write(bytes, messageBytes) {
      outgoing?.write(bytes, messageBytes);
      const taken = new Promise<void>((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      });
      // Awaiting callers get the rejection; an unawaited write must not end the process.
      taken.catch(() => undefined);
      return taken;
    },
    end() {
      outgoing?.end('sender');
      socket.end();
    },
    read() {
      socket.resume();
      return chunks.take();
    },
  };
}
