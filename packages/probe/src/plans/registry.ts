import { at } from './at.ts';
import { boundary } from './boundary.ts';
import { bytes } from './bytes.ts';
import { crlf } from './crlf.ts';
import { drip } from './drip.ts';
import { everyCut } from './every-cut.ts';
import { everyPair } from './every-pair.ts';
import { glueCut } from './glue-cut.ts';
import { glue } from './glue.ts';
import { halfClose } from './half-close.ts';
import { prefix } from './prefix.ts';
import { random } from './random.ts';
import { sizes } from './sizes.ts';
import { utf8 } from './utf8.ts';
import type { PlanEntry } from './plan.ts';

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
  halfClose,
  at,
];
