import { greet } from './greet.ts';
import { lengthPrefixClient } from './length-prefix-client.ts';
import { lengthPrefixServer } from './length-prefix-server.ts';
import { lines } from './lines.ts';
import { overTheLimit } from './over-the-limit.ts';
import { receiveExactly } from './receive-exactly.ts';
import { serveTheNext } from './serve-the-next.ts';
import { talkUntilQ } from './talk-until-q.ts';
import { twoRequests } from './two-requests.ts';
import { udpRightSender } from './udp-right-sender.ts';
import type { Exercise } from '../exercise.ts';

/** Every exercise, in order. */
export const exercises: readonly Exercise[] = [
  greet,
  talkUntilQ,
  serveTheNext,
  udpRightSender,
  receiveExactly,
  lengthPrefixServer,
  lengthPrefixClient,
  lines,
  overTheLimit,
  twoRequests,
];
