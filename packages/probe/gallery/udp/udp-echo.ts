import { ID, request, runAsUdpProgram } from './udp-server.ts';
import type { UdpGalleryServer } from './udp-server.ts';

/** Right: it sends each datagram back, the empty one included. */
export const udpEcho: UdpGalleryServer = {
  name: 'udp-echo',
  isCorrect: true,
  requests: [request('hello')],
  id: ID,
  coalesces: true,
  serve: () => (bytes, answer) => answer(bytes),
};

runAsUdpProgram(import.meta, udpEcho);
