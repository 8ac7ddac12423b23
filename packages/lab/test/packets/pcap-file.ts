/** A pcap file of Ethernet, as tcpdump writes it. */
export function pcapFile(packets: readonly { readonly time: number; readonly bytes: Uint8Array }[]): Buffer {
  const records = packets.flatMap(({ time, bytes }) => {
    const micros = Math.round(time * 1000);
    return [words(Math.floor(micros / 1e6), micros % 1e6, bytes.length, bytes.length), bytes];
  });
  return Buffer.concat([words(0xa1_b2_c3_d4, 0x0004_0002, 0, 0, 262_144, 1), ...records]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}
