import { halfClose } from './kinds/connection/half-close.ts';
import { interleave } from './kinds/connection/interleave.ts';
import { pause } from './kinds/connection/pause.ts';
import { at } from './kinds/cuts/at.ts';
import { boundary } from './kinds/cuts/boundary.ts';
import { bytes } from './kinds/cuts/bytes.ts';
import { crlf } from './kinds/cuts/crlf.ts';
import { drip } from './kinds/cuts/drip.ts';
import { everyCut } from './kinds/cuts/every-cut.ts';
import { everyPair } from './kinds/cuts/every-pair.ts';
import { prefix } from './kinds/cuts/prefix.ts';
import { random } from './kinds/cuts/random.ts';
import { sizes } from './kinds/cuts/sizes.ts';
import { utf8 } from './kinds/cuts/utf8.ts';
import { glueCut } from './kinds/glue/glue-cut.ts';
import { glue } from './kinds/glue/glue.ts';
import type { PlanEntry } from './base/plan.ts';

/** Every kind of plan, in the order of help texts. */
export const PLANS: readonly PlanEntry[] = [
  everyCut,
  everyPair,
  bytes,
  sizes,
  random,
  boundary,
  prefix,
  utf8,
  crlf,
  glue,
  glueCut,
  drip,
  interleave,
  pause,
  halfClose,
  at,
];
