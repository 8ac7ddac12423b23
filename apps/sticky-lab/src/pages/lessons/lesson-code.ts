import { addressIs32Bits } from './programs/address-is-32-bits.ts';
import { bytesInFlight } from './programs/bytes-in-flight.ts';
import { clientServerAndBrowserServer } from './programs/client-server-and-browser-server.ts';
import { datagramsKeepBoundaries } from './programs/datagrams-keep-boundaries.ts';
import { framesSurvive } from './programs/frames-survive.ts';
import { manyToMany } from './programs/many-to-many.ts';
import { naiveFixBreaks } from './programs/naive-fix-breaks.ts';
import { oneToMany } from './programs/one-to-many.ts';
import { prefixHoldsALength } from './programs/prefix-holds-a-length.ts';
import { shortReadSplits } from './programs/short-read-splits.ts';
import { tcpConnectsFirst } from './programs/tcp-connects-first.ts';
import { tcpIsFullDuplex } from './programs/tcp-is-full-duplex.ts';
import { twoSendsMerge } from './programs/two-sends-merge.ts';
import { udpDoesNotSlowDown } from './programs/udp-does-not-slow-down.ts';
import { udpLosesSilently } from './programs/udp-loses-silently.ts';
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
