import { datagramsKeepBoundaries } from './datagrams-keep-boundaries.ts';
import { framesSurvive } from './frames-survive.ts';
import { naiveFixBreaks } from './naive-fix-breaks.ts';
import { prefixHoldsALength } from './prefix-holds-a-length.ts';
import { shortReadSplits } from './short-read-splits.ts';
import { tcpConnectsFirst } from './tcp-connects-first.ts';
import { tcpIsFullDuplex } from './tcp-is-full-duplex.ts';
import { twoSendsMerge } from './two-sends-merge.ts';
import { udpLosesSilently } from './udp-loses-silently.ts';
import type { LessonCode } from './code.ts';

export * from './code.ts';

/** The programs of the lessons, by the experiment. */
export const LESSON_CODE: Readonly<Partial<Record<string, LessonCode>>> = {
  'tcp-connects-first': tcpConnectsFirst,
  'tcp-is-full-duplex': tcpIsFullDuplex,
  'udp-loses-silently': udpLosesSilently,
  'two-sends-merge': twoSendsMerge,
  'short-read-splits': shortReadSplits,
  'prefix-holds-a-length': prefixHoldsALength,
  'frames-survive': framesSurvive,
  'naive-fix-breaks': naiveFixBreaks,
  'datagrams-keep-boundaries': datagramsKeepBoundaries,
};
