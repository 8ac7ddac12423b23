import { ID, request, runAsUdpProgram } from './udp-server.ts';
import type { UdpGalleryServer } from './udp-server.ts';

/** The bug: what one address began is kept where that of all others is, so that the next request of each ends the last one that began. */
export const oneStateForAll: UdpGalleryServer = {
  name: 'one-state-for-all',
  isCorrect: false,
  failure: 'mixed-answer',
  plans: 'double+late',
  requests: [request('begin'), request('end')],
  id: ID,
  serve: () => {
    let begun = Buffer.alloc(ID.bytes);
    return (bytes, answer) => {
      if (bytes.length < ID.bytes) return;
      const text = bytes.toString('latin1', ID.bytes);
      if (text === 'begin') begun = Buffer.from(bytes.subarray(0, ID.bytes));
      answer(Buffer.concat([bytes.subarray(0, ID.bytes), begun, Buffer.from(text)]));
    };
  },
};

runAsUdpProgram(import.meta, oneStateForAll);
