import { LabError } from '../base/errors.ts';
import { createInbox } from '../base/inbox.ts';
import { openSockets } from '../tcp/loopback-sockets.ts';
import type { Text } from '../../text.ts';
import type { Lab } from '../lab.ts';
import type { Recorder } from '../record/recorder.ts';
import type { ConnectionPorts } from '../tcp/socket-table.ts';
import type { Bytes, BytesIn } from '@socklab/framing';
import type { Socket } from 'node:net';

/** One end of a connection on which both sides write and read. */
export interface TcpEnd {
  readonly ports: ConnectionPorts;
  /**
   * Writes at once; resolves when the kernel has taken all of it. `messageBytes` is for the picture: the lengths of the messages
   * in it. @defaultValue one message
   */
  write(bytes: BytesIn, messageBytes?: readonly number[]): Promise<void>;
  /** Sends no more. The other direction stays open. */
  end(): void;
  /**
   * What the next read of at most 64 KiB gave, empty at the end. Everything waits in the kernel until the first call; from then
   * on it is read as it comes.
   */
  read(): Promise<Bytes>;
}

/** The names of both directions, for the picture. */
export interface DirectionLabels {
  /** What the client sends. */
  readonly client: Text;
  /** What the server sends. @defaultValue it sends nothing, and is no conversation */
  readonly server?: Text;
}

/** A connection over loopback, seen from both of its ends. */
export interface TcpEnds {
  readonly client: TcpEnd;
  readonly server: TcpEnd;
}

/** Opens a connection that the run's end closes, each direction a conversation of the picture. */
export async function openTcpEnds(lab: Lab, labels: DirectionLabels): Promise<TcpEnds> {
  const { client, server } = await openSockets(lab);
  const forth = lab.converse({ label: labels.client, transport: 'tcp' });
  const back = labels.server === undefined ? undefined : lab.converse({ label: labels.server, transport: 'tcp' });
  return { client: createEnd(client, forth, back), server: createEnd(server, back, forth) };
}

/** Reads until there are `byteLength` bytes; fewer when the other side ends before. */
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
  // Listening for data starts the flow, and nothing may be read yet.
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
      // Whoever waits for it is told; a write that nobody waits for must not end the process.
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
