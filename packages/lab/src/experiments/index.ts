import type { Experiment } from '../lab/experiment.ts';
import addressIs32Bits from './address-is-32-bits.ts';
import bytesInFlight from './bytes-in-flight.ts';
import clientServerAndBrowserServer from './client-server-and-browser-server.ts';
import datagramsKeepBoundaries from './datagrams-keep-boundaries.ts';
import framesSurvive from './frames-survive.ts';
import manyToMany from './many-to-many.ts';
import naiveFixBreaks from './naive-fix-breaks.ts';
import oneToMany from './one-to-many.ts';
import prefixHoldsALength from './prefix-holds-a-length.ts';
import shortReadSplits from './short-read-splits.ts';
import tcpConnectsFirst from './tcp-connects-first.ts';
import tcpIsFullDuplex from './tcp-is-full-duplex.ts';
import twoSendsMerge from './two-sends-merge.ts';
import udpDoesNotSlowDown from './udp-does-not-slow-down.ts';
import udpLosesSilently from './udp-loses-silently.ts';

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
