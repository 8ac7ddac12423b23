import type { BytesIn } from '../codec.ts';

/** The error of a chunk whose memory was transferred, or made smaller, while it was read. */
export function chunkIsGone(unreadBytes: number): TypeError {
  return new TypeError(
    `the memory of the current chunk was transferred with ${unreadBytes} bytes of it unread: to transfer payloads, decode with payload: 'copy'`,
  );
}

/** Throws when a chunk without bytes had some: its memory was transferred before it was read. */
export function checkNotGone({ buffer }: BytesIn): void {
  if ('detached' in buffer && buffer.detached) throw new TypeError('the memory of a chunk was transferred before the chunk was read');
}
