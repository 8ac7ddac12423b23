import { UNFRAMED, withoutDrafts } from './base/plan.ts';
import { boundedPieces, sampledCuts, sampledDrafts } from './base/sampling.ts';
import { cuttableBytes, sendsOf } from './base/steps.ts';
import { interleave } from './kinds/connection/interleave.ts';
import { pause } from './kinds/connection/pause.ts';
import { boundary } from './kinds/cuts/boundary.ts';
import { prefix } from './kinds/cuts/prefix.ts';
import { glueCut } from './kinds/glue/glue-cut.ts';
import { glue } from './kinds/glue/glue.ts';
import type { Drafts, Plan } from './base/plan.ts';

/** A named list of plans. Unlike individually named plans, they leave out what an exchange does not allow, and say so. */
export interface Preset {
  readonly name: string;
  /** One sentence on what it cuts and glues. */
  readonly summary: string;
  readonly plans: readonly Plan[];
}

/** Most single cuts: all of a request of 4 KiB, and a sample of a longer one. */
const MAX_CUTS = 4096;

/** Most pieces of one trial that cuts everywhere: each one is awaited. */
const MAX_PIECES = 256;

/** Most trials of each other plan. */
const MAX_TRIALS = 1000;

/** Most trials with a silence. */
const MAX_PAUSES = 6;

const NAME = 'thorough';

/** The default: every way of cutting that has found a bug in a published program, two requests in one write, two connections in turns, and silences. */
export const thorough: Preset = {
  name: NAME,
  summary:
    'every-cut, drip, bytes:2, bytes:3, glue:2, glue+cut, interleave and pause:500ms, with a framing prefix and boundary:-1,0,1 too; a sample where they are many',
  plans: [
    part('every-cut', (context) => sampledCuts(context, context.maxCuts ?? MAX_CUTS)),
    part('drip', ({ exchange }) => boundedPieces(exchange, 'drip', 1, MAX_PIECES)),
    part('bytes:2', ({ exchange }) => boundedPieces(exchange, 'bytes:2', 2, MAX_PIECES)),
    part('bytes:3', ({ exchange }) => boundedPieces(exchange, 'bytes:3', 3, MAX_PIECES)),
    part('glue:2', unlessRepeatFails(glue.create('2'))),
    part('glue+cut', unlessRepeatFails(sampled('glue+cut', glueCut.create(undefined)))),
    part('prefix', whereFramed(sampled('prefix', prefix.create(undefined)))),
    part('boundary:-1,0,1', whereFramed(sampled('boundary', boundary.create('-1,0,1')))),
    part('interleave', interleave.create(undefined)),
    part('pause:500ms', (context) => somePauses(pause.create('500ms')(context))),
  ],
};

/** Every preset, in the order of help texts. */
export const PRESETS: readonly Preset[] = [thorough];

function part(text: string, draft: Plan['draft']): Plan {
  return { text, draft, preset: NAME };
}

function sampled(name: string, draft: Plan['draft']): Plan['draft'] {
  return (context) => sampledDrafts(draft(context), name, { most: MAX_TRIALS, seed: context.seed });
}

/** A connection that does not allow the exchange twice, one after the other, shows nothing about two at once. */
function unlessRepeatFails(draft: Plan['draft']): Plan['draft'] {
  return (context) => {
    const { exchange, repeatFault } = context;
    if (repeatFault === undefined || sendsOf(exchange).length > 1) return draft(context);
    return withoutDrafts(`a second request in the same write: ${repeatFault}`);
  };
}

/** Each takes its time: at the first place, the last, and some between. */
function somePauses(drafts: Drafts): Drafts {
  const count = Math.min(drafts.count, MAX_PAUSES);
  const step = count < 2 ? 0 : (drafts.count - 1) / (count - 1);
  return { count, at: (index) => drafts.at(Math.round(index * step)) };
}

function whereFramed(draft: Plan['draft']): Plan['draft'] {
  return (context): Drafts => {
    const sends = sendsOf(context.exchange);
    if (sends.some(({ frames }) => frames === undefined)) return withoutDrafts(UNFRAMED);
    const { untried, ...drafts } = draft(context);
    // Included when every single cut is tried.
    const isAllCut = sends.reduce((sum, step) => sum + cuttableBytes(step) - 1, 0) <= (context.maxCuts ?? MAX_CUTS);
    return isAllCut ? drafts : { ...drafts, untried };
  };
}
