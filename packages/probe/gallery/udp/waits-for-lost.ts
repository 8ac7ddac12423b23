import { ID, request, runAsUdpProgram } from './udp-server.ts';
import type { UdpGalleryServer } from './udp-server.ts';

/** The bug: once an exchange has begun only its end is answered, for ever, though it may be lost. */
export const waitsForLost: UdpGalleryServer = {
  name: 'waits-for-lost',
  isCorrect: false,
  failure: 'hang',
  plans: 'vanish',
  requests: [request('begin'), request('end')],
  id: ID,
  serve: () => {
    let busyWith: string | undefined;
    return (bytes, answer, { address, port }) => {
      const client = `${address} ${port}`;
      if (busyWith !== undefined && busyWith !== client) return;
      const text = bytes.toString('latin1', ID.bytes);
      busyWith = text === 'end' ? undefined : client;
      answer(bytes);
    };
  },
};

runAsUdpProgram(import.meta, waitsForLost);
