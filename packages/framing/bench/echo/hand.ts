import type { Socket } from 'node:net';

const MAX_PAYLOAD_BYTES = 1_048_576;

/** The handler that tutorials teach, with a limit and with backpressure. */
export function echoByHand(socket: Socket): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const stream = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    let hasRoom = true;
    while (stream.length - at >= 4) {
      const length = stream.readUInt32BE(at);
      if (length > MAX_PAYLOAD_BYTES) throw new RangeError('payload over the limit');
      const end = at + 4 + length;
      if (end > stream.length) break;
      const payload = stream.subarray(at + 4, end);
      const frame = Buffer.allocUnsafe(4 + length);
      frame.writeUInt32BE(length);
      frame.set(payload, 4);
      hasRoom = socket.write(frame);
      at = end;
    }
    rest = stream.subarray(at);
    if (hasRoom) return;
    socket.pause();
    socket.once('drain', () => socket.resume());
  };
}
