/** The error of a chunk whose memory was transferred, or made smaller, while it was read. */
export function chunkIsGone(unreadBytes: number): TypeError {
  const when = unreadBytes > 0 ? `with ${unreadBytes} bytes of it unread` : 'before it was read to its end';
  return new TypeError(`the memory of the current chunk was transferred ${when}: to transfer payloads, decode with payload: 'copy'`);
}
