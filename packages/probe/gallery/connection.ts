import type { Socket } from 'node:net';

/** A connection as a program with blocking sockets sees it. */
export interface Connection {
  readonly socket: Socket;
  /** The result of one recv(most): at least one byte, perhaps fewer than asked for; nothing at the end. */
  readonly recv: (most: number) => Promise<Buffer>;
  /** Exactly that many bytes, however many recvs it takes; fewer at the end. */
  readonly recvAll: (count: number) => Promise<Buffer>;
}

/** Reads from a socket by asking for bytes. */
export function connectionOf(socket: Socket): Connection {
  const recv = async (most: number): Promise<Buffer> => {
    if (most === 0) return Buffer.alloc(0);
    while (socket.readableLength === 0) {
      if (socket.readableEnded || socket.destroyed) return Buffer.alloc(0);
      await readable(socket);
      if (socket.readableLength === 0) socket.read(0);
    }
    return socket.read(Math.min(most, socket.readableLength)) as Buffer;
  };
  const recvAll = async (count: number): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for (let missing = count; missing > 0;) {
      const chunk = await recv(missing);
      if (chunk.length === 0) break;
      chunks.push(chunk);
      missing -= chunk.length;
    }
    return Buffer.concat(chunks);
  };
  return { socket, recv, recvAll };
}

function readable(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      for (const event of EVENTS) socket.off(event, wake);
      resolve();
    };
    for (const event of EVENTS) socket.on(event, wake);
  });
}

const EVENTS = ['readable', 'end', 'close'] as const;
