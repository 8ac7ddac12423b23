import { createServer, type Socket } from 'node:net';

/** A connection as a program with blocking sockets sees it. */
export interface Connection {
  readonly socket: Socket;
  /** What one recv(most) brings: at least one byte, perhaps fewer than asked for; nothing at the end. */
  readonly recv: (most: number) => Promise<Buffer>;
  /** Exactly that many bytes, however many recvs it takes; fewer at the end. */
  readonly recvAll: (count: number) => Promise<Buffer>;
}

/** Serves each connection with `handle`, on the port given as argument or a free one, and prints the port. */
export function serve(handle: (connection: Connection) => Promise<void>): void {
  const server = createServer({ noDelay: true }, (socket) => {
    // A client may go at any time; that is no event for this program.
    socket.on('error', () => {});
    void handle(connectionOf(socket)).then(() => socket.end());
  });
  server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
    const address = server.address();
    process.stdout.write(`${typeof address === 'object' ? address?.port : address}\n`);
  });
}

function connectionOf(socket: Socket): Connection {
  const recv = async (most: number): Promise<Buffer> => {
    while (socket.readableLength === 0) {
      if (socket.readableEnded || socket.destroyed) return Buffer.alloc(0);
      await new Promise((resolve) => {
        for (const event of ['readable', 'end', 'close']) socket.once(event, resolve);
      });
      if (socket.readableLength === 0) socket.read(0);
    }
    return socket.read(Math.min(most, socket.readableLength)) as Buffer;
  };
  const recvAll = async (count: number): Promise<Buffer> => {
    let bytes: Buffer = Buffer.alloc(0);
    while (bytes.length < count) {
      const more = await recv(count - bytes.length);
      if (more.length === 0) return bytes;
      bytes = Buffer.concat([bytes, more]);
    }
    return bytes;
  };
  return { socket, recv, recvAll };
}

/** A frame: a 32-bit big-endian length, and the payload. */
export function frame(payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(payload.length);
  return Buffer.concat([header, payload]);
}
