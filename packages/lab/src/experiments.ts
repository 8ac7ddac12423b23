import datagramsKeepBoundaries from './experiments/boundaries/datagrams-keep-boundaries.ts';
import framesSurvive from './experiments/boundaries/frames-survive.ts';
import naiveFixBreaks from './experiments/boundaries/naive-fix-breaks.ts';
import prefixHoldsALength from './experiments/boundaries/prefix-holds-a-length.ts';
import shortReadSplits from './experiments/boundaries/short-read-splits.ts';
import twoSendsMerge from './experiments/boundaries/two-sends-merge.ts';
import addressIs32Bits from './experiments/meeting/address-is-32-bits.ts';
import clientServerAndBrowserServer from './experiments/meeting/client-server-and-browser-server.ts';
import tcpConnectsFirst from './experiments/meeting/tcp-connects-first.ts';
import tcpIsFullDuplex from './experiments/meeting/tcp-is-full-duplex.ts';
import bytesInFlight from './experiments/transports/bytes-in-flight.ts';
import manyToMany from './experiments/transports/many-to-many.ts';
import oneToMany from './experiments/transports/one-to-many.ts';
import udpDoesNotSlowDown from './experiments/transports/udp-does-not-slow-down.ts';
import udpLosesSilently from './experiments/transports/udp-loses-silently.ts';
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
