import { ID, request, runAsUdpProgram } from './udp-server.ts';
import type { Answer, UdpGalleryServer } from './udp-server.ts';

/** The bug: it takes a moment to make an answer, and then it goes to whoever sent last. */
export const answersLastSender: UdpGalleryServer = {
  name: 'answers-last-sender',
  isCorrect: false,
  failure: 'mixed-answer',
  plans: 'double+truncate',
  requests: [request('hello')],
  id: ID,
  serve: () => {
    let last: Answer | undefined;
    return (bytes, answer) => {
      last = answer;
      setTimeout(() => last?.(bytes), 1);
    };
  },
};

runAsUdpProgram(import.meta, answersLastSender);
