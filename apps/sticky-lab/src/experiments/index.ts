import type { Experiment } from '../lab/experiment.ts';
import datagramsKeepBoundaries from './datagrams-keep-boundaries.ts';
import framesSurvive from './frames-survive.ts';
import naiveFixBreaks from './naive-fix-breaks.ts';
import prefixHoldsALength from './prefix-holds-a-length.ts';
import shortReadSplits from './short-read-splits.ts';
import twoSendsMerge from './two-sends-merge.ts';

/** Every experiment, in the order of the lessons. */
export const experiments: readonly Experiment[] = [
  twoSendsMerge,
  shortReadSplits,
  prefixHoldsALength,
  framesSurvive,
  naiveFixBreaks,
  datagramsKeepBoundaries,
];
