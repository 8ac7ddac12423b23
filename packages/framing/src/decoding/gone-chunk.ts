/** The error of a chunk whose memory was transferred, or made smaller, while it was read. */
export function chunkIsGone(unreadBytes: number): TypeError {
  return new TypeError(
    `the memory of the current chunk was transferred with ${unreadBytes} bytes of it unread: to transfer payloads, decode with payload: 'copy'`,
  );
}
