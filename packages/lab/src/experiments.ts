import addressIs32Bits from './experiments/address-is-32-bits.ts';
import bytesInFlight from './experiments/bytes-in-flight.ts';
import clientServerAndBrowserServer from './experiments/client-server-and-browser-server.ts';
import datagramsKeepBoundaries from './experiments/datagrams-keep-boundaries.ts';
import framesSurvive from './experiments/frames-survive.ts';
import manyToMany from './experiments/many-to-many.ts';
import naiveFixBreaks from './experiments/naive-fix-breaks.ts';
import oneToMany from './experiments/one-to-many.ts';
import prefixHoldsALength from './experiments/prefix-holds-a-length.ts';
import shortReadSplits from './experiments/short-read-splits.ts';
import tcpConnectsFirst from './experiments/tcp-connects-first.ts';
import tcpIsFullDuplex from './experiments/tcp-is-full-duplex.ts';
import twoSendsMerge from './experiments/two-sends-merge.ts';
import udpDoesNotSlowDown from './experiments/udp-does-not-slow-down.ts';
import udpLosesSilently from './experiments/udp-loses-silently.ts';
import type { Experiment } from './lab/experiment.ts';

/** Every experiment, in the order of the lessons. */
export const experiments: readonly Experiment[] = [
  addressIs32Bits,
  clientServerAndBrowserServer,
  tcpConnectsFirst,
  tcpIsFullDuplex,
  bytesInFlight,
  udpLosesSilently,
  udpDoesNotSlowDown,
  oneToMany,
  manyToMany,
  twoSendsMerge,
  shortReadSplits,
  prefixHoldsALength,
  framesSurvive,
  naiveFixBreaks,
  datagramsKeepBoundaries,
];
