import { createCipheriv, createHash } from 'node:crypto';

/** A key stream: random-looking bytes, the same for the same name on every machine, as fast as memory. */
export function seededBytes(name: string, byteLength: number): Buffer {
  const key = createHash('sha256').update(name).digest();
  const bytes = Buffer.alloc(byteLength);
  createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(bytes).copy(bytes);
  return bytes;
}

/** The same as whole numbers of 32 bits. */
export function seededNumbers(name: string, count: number): Uint32Array {
  const bytes = seededBytes(name, count * 4);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, count);
}
