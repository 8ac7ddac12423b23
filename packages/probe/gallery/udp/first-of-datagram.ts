import { ID, request, runAsUdpProgram } from './udp-server.ts';
import type { UdpGalleryServer } from './udp-server.ts';

/** The bug: of several requests in one datagram, a line each, only the first is answered. */
export const firstOfDatagram: UdpGalleryServer = {
  name: 'first-of-datagram',
  isCorrect: false,
  failure: 'no-answer',
  plans: 'glue',
  requests: [request('hello\n')],
  id: ID,
  coalesces: true,
  serve: () => (bytes, answer) => {
    const end = bytes.indexOf('\n', ID.bytes);
    if (end >= 0) answer(bytes.subarray(0, end + 1));
  },
};

runAsUdpProgram(import.meta, firstOfDatagram);
