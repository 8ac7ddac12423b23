import { answersLate } from './answers-late.ts';
import { crlfPerChunk } from './crlf-per-chunk.ts';
import { dropsSecondMessage } from './drops-second-message.ts';
import { headerOneRecv } from './header-one-recv.ts';
import { lengthPrefixed } from './length-prefixed.ts';
import { line } from './line.ts';
import { offByOneAt1460 } from './off-by-one-at-1460.ts';
import { payloadOneRecv } from './payload-one-recv.ts';
import { quadraticButCorrect } from './quadratic-but-correct.ts';
import { recvIsMessage } from './recv-is-message.ts';
import { resetsOnShortRead } from './resets-on-short-read.ts';
import { sharedBuffer } from './shared-buffer.ts';
import { textPerChunk } from './text-per-chunk.ts';
import type { GalleryServer } from './gallery-server.ts';

/** All servers of the gallery. */
export const GALLERY: readonly GalleryServer[] = [
  headerOneRecv,
  payloadOneRecv,
  recvIsMessage,
  textPerChunk,
  crlfPerChunk,
  dropsSecondMessage,
  resetsOnShortRead,
  offByOneAt1460,
  sharedBuffer,
  quadraticButCorrect,
  answersLate,
  lengthPrefixed,
  line,
];
