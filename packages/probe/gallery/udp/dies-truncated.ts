import { ID, request, runAsUdpProgram } from './udp-server.ts';
import type { UdpGalleryServer } from './udp-server.ts';

/** The bug: a length that the datagram declares is believed, so that a truncated one is read beyond its end, which throws. */
export const diesTruncated: UdpGalleryServer = {
  name: 'dies-truncated',
  isCorrect: false,
  failure: 'target-died',
  plans: 'truncate',
  requests: [request('\x05hello')],
  id: ID,
  serve: () => (bytes, answer) => {
    if (bytes.length <= ID.bytes) return;
    const length = bytes.readUInt8(ID.bytes);
    const letters = Array.from({ length }, (_, index) => bytes.readUInt8(ID.bytes + 1 + index));
    answer(Buffer.from([...bytes.subarray(0, ID.bytes), ...letters]));
  },
};

runAsUdpProgram(import.meta, diesTruncated);
