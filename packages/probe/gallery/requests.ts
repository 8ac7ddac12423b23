/** A frame: a 32-bit big-endian length, and the payload. */
export function frame(payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(payload.length);
  return Buffer.concat([header, payload]);
}

/** Requests that show the bugs of the servers. */
export const FRAMED: Buffer = frame(Buffer.from('one request, one frame, and one right answer'));
export const LONG: Buffer = frame(Buffer.alloc(2000, 'long '));
export const LINE: Buffer = Buffer.from('a line of text\r\n');
export const TEXT: Buffer = Buffer.from('grüße, 世界 🌍\n');
