import { at } from './kinds/at.ts';
import { boundary } from './kinds/boundary.ts';
import { bytes } from './kinds/bytes.ts';
import { crlf } from './kinds/crlf.ts';
import { drip } from './kinds/drip.ts';
import { everyCut } from './kinds/every-cut.ts';
import { everyPair } from './kinds/every-pair.ts';
import { glueCut } from './kinds/glue-cut.ts';
import { glue } from './kinds/glue.ts';
import { halfClose } from './kinds/half-close.ts';
import { pause } from './kinds/pause.ts';
import { prefix } from './kinds/prefix.ts';
import { random } from './kinds/random.ts';
import { sizes } from './kinds/sizes.ts';
import { utf8 } from './kinds/utf8.ts';
import type { PlanEntry } from './base/plan.ts';

/** Every kind of plan, in the order in which help texts show them. */
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
  pause,
  halfClose,
  at,
];
