import { amplifies } from './amplifies.ts';
import { answersLastSender } from './answers-last-sender.ts';
import { answersOnce } from './answers-once.ts';
import { carriesOutCopies } from './carries-out-copies.ts';
import { diesTruncated } from './dies-truncated.ts';
import { firstOfDatagram } from './first-of-datagram.ts';
import { oneStateForAll } from './one-state-for-all.ts';
import { udpEcho } from './udp-echo.ts';
import { waitsForLost } from './waits-for-lost.ts';
import type { UdpGalleryServer } from './udp-server.ts';

/** All UDP servers of the gallery. */
export const UDP_GALLERY: readonly UdpGalleryServer[] = [
  answersLastSender,
  oneStateForAll,
  diesTruncated,
  amplifies,
  carriesOutCopies,
  waitsForLost,
  firstOfDatagram,
  udpEcho,
  answersOnce,
];
