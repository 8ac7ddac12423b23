import { ID, request, runAsUdpProgram } from './udp-server.ts';
import type { UdpGalleryServer } from './udp-server.ts';

/** The bug: a short request from any address brings a long answer, and nothing proves the address. */
export const amplifies: UdpGalleryServer = {
  name: 'amplifies',
  isCorrect: false,
  failure: 'amplifies',
  plans: 'vanish',
  requests: [request('list')],
  id: ID,
  serve: () => (bytes, answer) => {
    if (bytes.toString('latin1', ID.bytes) !== 'list') return;
    for (let part = 0; part < 3; part++) answer(Buffer.concat([bytes.subarray(0, ID.bytes), Buffer.alloc(400, `entry ${part}, `)]));
  },
};

runAsUdpProgram(import.meta, amplifies);
