import { FrameError } from '../../src/index.ts';
import type { Bytes, BytesIn, Decoder } from '../../src/index.ts';

/** `characters` in UTF-8. */
export function bytes(characters: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(characters));
}

/** `07 b2` or `07b2` as bytes. */
export function fromHex(hex: string): Bytes {
  return Uint8Array.from(hex.replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Bytes as `07 b2`. */
export function toHex(chunk: BytesIn): string {
  return Array.from(chunk, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Bytes as text. */
export function text(chunk: BytesIn): string {
  return new TextDecoder().decode(chunk);
}

/** `byteLength` bytes that differ from their neighbours and are never LF or CR. */
export function pattern(byteLength: number): Bytes {
  return Uint8Array.from({ length: byteLength }, (_, at) => 0x20 + (at % 200));
}

/** Every payload that `decoder` has now. */
export function drain<Decoded>(decoder: Decoder<Decoded>): Decoded[] {
  const payloads: Decoded[] = [];
  for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) payloads.push(payload);
  return payloads;
}

/** The FrameError that `action` throws. Fails when it throws none. */
export function frameErrorOf(action: () => unknown): FrameError {
  try {
    action();
  } catch (error) {
    if (error instanceof FrameError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
