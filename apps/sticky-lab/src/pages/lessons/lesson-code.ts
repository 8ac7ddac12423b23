import { datagramsKeepBoundaries } from './programs/boundaries/datagrams-keep-boundaries.ts';
import { framesSurvive } from './programs/boundaries/frames-survive.ts';
import { naiveFixBreaks } from './programs/boundaries/naive-fix-breaks.ts';
import { prefixHoldsALength } from './programs/boundaries/prefix-holds-a-length.ts';
import { shortReadSplits } from './programs/boundaries/short-read-splits.ts';
import { twoSendsMerge } from './programs/boundaries/two-sends-merge.ts';
import { addressIs32Bits } from './programs/meeting/address-is-32-bits.ts';
import { clientServerAndBrowserServer } from './programs/meeting/client-server-and-browser-server.ts';
import { tcpConnectsFirst } from './programs/meeting/tcp-connects-first.ts';
import { tcpIsFullDuplex } from './programs/meeting/tcp-is-full-duplex.ts';
import { bytesInFlight } from './programs/transports/bytes-in-flight.ts';
import { manyToMany } from './programs/transports/many-to-many.ts';
import { oneToMany } from './programs/transports/one-to-many.ts';
import { udpDoesNotSlowDown } from './programs/transports/udp-does-not-slow-down.ts';
import { udpLosesSilently } from './programs/transports/udp-loses-silently.ts';
import type { LessonCode } from './code/code.ts';

/** The programs of the lessons, by the experiment. */
export const LESSON_CODE: Readonly<Partial<Record<string, LessonCode>>> = {
  'address-is-32-bits': addressIs32Bits,
  'client-server-and-browser-server': clientServerAndBrowserServer,
  'tcp-connects-first': tcpConnectsFirst,
  'tcp-is-full-duplex': tcpIsFullDuplex,
  'bytes-in-flight': bytesInFlight,
  'udp-loses-silently': udpLosesSilently,
  'udp-does-not-slow-down': udpDoesNotSlowDown,
  'one-to-many': oneToMany,
  'many-to-many': manyToMany,
  'two-sends-merge': twoSendsMerge,
  'short-read-splits': shortReadSplits,
  'prefix-holds-a-length': prefixHoldsALength,
  'frames-survive': framesSurvive,
  'naive-fix-breaks': naiveFixBreaks,
  'datagrams-keep-boundaries': datagramsKeepBoundaries,
};
