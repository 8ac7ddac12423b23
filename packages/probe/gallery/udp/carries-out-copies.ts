import { ID, request, runAsUdpProgram } from './udp-server.ts';
import type { UdpGalleryServer } from './udp-server.ts';

/** The bug: a copy of a request, with the same id, is carried out again. */
export const carriesOutCopies: UdpGalleryServer = {
  name: 'carries-out-copies',
  isCorrect: false,
  failure: 'answered-anew',
  plans: 'double',
  requests: [request('open'), request('count')],
  id: ID,
  serve: () => {
    const counts = new Map<number, number>();
    return (bytes, answer, { port }) => {
      if (bytes.length < ID.bytes) return;
      const text = bytes.toString('latin1', ID.bytes);
      counts.set(port, text === 'open' ? 0 : (counts.get(port) ?? 0) + 1);
      answer(Buffer.concat([bytes.subarray(0, ID.bytes), Buffer.from(`${text} ${counts.get(port)}`)]));
    };
  },
};

runAsUdpProgram(import.meta, carriesOutCopies);
