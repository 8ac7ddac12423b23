// The polynomial 0x1EDC6F41 of RFC 4960, appendix B, bits reversed.
const POLYNOMIAL = 0x82_f6_3b_78;

/** The CRC32c checksum of the bytes. Bit by bit: for headers, one a connection, not for streams. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xff_ff_ff_ff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}
