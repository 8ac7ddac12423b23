import { contender as encodeFrameStream } from './encode-frame-stream.ts';
import { contender as encodeFramedStream } from './encode-framed-stream.ts';
import { contender as encodeHandEach } from './encode-hand-each.ts';
import { contender as encodeHandOneBuffer } from './encode-hand-one-buffer.ts';
import { contender as encodeItLengthPrefixed } from './encode-it-length-prefixed.ts';
import { contender as encodeLengthPrefixedStream } from './encode-length-prefixed-stream.ts';
import { contender as encodeOursEach } from './encode-ours-each.ts';
import { contender as encodeOursSlab } from './encode-ours-slab.ts';
import { contender as frameStream } from './frame-stream.ts';
import { contender as framedStream } from './framed-stream.ts';
import { contender as handNoViews } from './hand-no-views.ts';
import { contender as handUint8array } from './hand-uint8array.ts';
import { contender as itLengthPrefixedJoined } from './it-length-prefixed-joined.ts';
import { contender as lengthPrefixedStream } from './length-prefixed-stream.ts';
import { contender as lineOursAuto } from './line-ours-auto.ts';
import { contender as lineOursCursor } from './line-ours-cursor.ts';
import { contender as lineSplit2 } from './line-split2.ts';
import { contender as naiveConcat } from './naive-concat.ts';
import { contender as oursAsyncLoop } from './ours-async-loop.ts';
import { contender as oursAuto } from './ours-auto.ts';
import { contender as oursCursor } from './ours-cursor.ts';
import { contender as oursLoop } from './ours-loop.ts';
import type { Contender } from '../contender.ts';

/** All contenders, in the order of the tables. A process that measures one loads that file alone. */
export const CONTENDERS: readonly Contender[] = [
  oursAuto,
  oursCursor,
  oursLoop,
  oursAsyncLoop,
  itLengthPrefixedJoined,
  lengthPrefixedStream,
  frameStream,
  framedStream,
  naiveConcat,
  handNoViews,
  handUint8array,
  lineOursAuto,
  lineOursCursor,
  lineSplit2,
  encodeOursSlab,
  encodeOursEach,
  encodeItLengthPrefixed,
  encodeLengthPrefixedStream,
  encodeFrameStream,
  encodeFramedStream,
  encodeHandOneBuffer,
  encodeHandEach,
];
