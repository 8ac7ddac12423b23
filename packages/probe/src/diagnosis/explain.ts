/** Describes where the cuts of a trial are, shows the bytes around them, and writes the command that repeats it. */

import { dumpAround } from '../bytes/hexdump.ts';
import { cutsOf } from '../plans/base/segmentation.ts';
import { shapeOf } from '../plans/base/shape.ts';
import { burstBytes, sendsOf } from '../plans/base/steps.ts';
import { describePlace } from './places.ts';
import type { Burst, Exchange, Trial } from '../types.ts';

/** Most cuts of one burst, and most bursts, that are described and shown; for more, their number is given. */
const MAX_EXPLAINED_CUTS = 8;

const ENDS_EARLY = 'our side ends right behind the last byte';

const BESIDE = 'between the pieces another connection sends its own first piece';

export interface Explanation {
  /** One sentence a cut: `after byte 2 of the 4-byte length of frame 0`. */
  readonly where: readonly string[];
  /** The bytes around the cuts, with each cut marked. */
  readonly dump: string;
}

/** Explains a trial. For trials without cuts, what they glue, or that our side ends. */
export function explain(exchange: Exchange, trial: Trial): Explanation {
  const bursts = trial.steps.filter((step) => step.kind === 'burst');
  const special = bursts.filter((burst) => burst.pieces.length > 1 || burst.sends.length > 1);
  const shown = special.slice(0, MAX_EXPLAINED_CUTS);
  const where = shown.flatMap((burst) => whereOf(exchange, burst));
  const dumps = shown.map((burst) => dumpAround(burstBytes(exchange, burst), shownMarks(exchange, burst)));
  const hidden = special.length - shown.length;
  const pauseMs = bursts.find((burst) => burst.pauseMs !== undefined)?.pauseMs;
  const silence = pauseMs === undefined ? [] : [`${pauseMs} ms of silence behind each piece`];
  const beside = bursts.some(({ isInterleaved }) => isInterleaved === true) ? [BESIDE] : [];
  const more = hidden > 0 ? [`and cuts in ${hidden} more sends`] : [];
  return {
    where: [...where, ...silence, ...beside, ...more, ...(endsEarly(exchange, trial) ? [ENDS_EARLY] : [])],
    dump: dumps.join('\n\n'),
  };
}

function whereOf(exchange: Exchange, burst: Burst): readonly string[] {
  const glued = burst.sends.length > 1 ? [`${burst.sends.length} requests in one write: ${sendsText(burst)}`] : [];
  const cuts = cutsOf(burst);
  const hidden = cuts.length - MAX_EXPLAINED_CUTS;
  const places = cuts.slice(0, MAX_EXPLAINED_CUTS).map((cut) => describePlace(exchange, burst, cut));
  return [...glued, ...places, ...(hidden > 0 ? [`and ${hidden} more`] : [])];
}

function sendsText({ sends }: Burst): string {
  return sends[0] === sends[1] ? `send ${sends[0]} each time` : `sends ${sends[0]} to ${sends.at(-1)}`;
}

function shownMarks(exchange: Exchange, burst: Burst): ReadonlyMap<number, string> {
  const cuts = cutsOf(burst).slice(0, MAX_EXPLAINED_CUTS);
  const marks = new Map(cuts.map((cut) => [cut, `>>> SPLIT HERE <<< ${describePlace(exchange, burst, cut)}`]));
  for (const boundary of gluedBoundaries(exchange, burst)) {
    if (!marks.has(boundary) && marks.size < MAX_EXPLAINED_CUTS)
      marks.set(boundary, '>>> GLUED HERE <<< one request ends, the next begins');
  }
  return marks;
}

function gluedBoundaries(exchange: Exchange, { sends }: Burst): readonly number[] {
  const all = sendsOf(exchange);
  let offset = 0;
  return sends.slice(0, -1).map((send) => (offset += all[send]!.send.length));
}

/** Whether a trial ends our side where the exchange does not. */
export function endsEarly(exchange: Exchange, { steps }: Trial): boolean {
  const last = steps.findLast((step) => step.kind === 'burst');
  return last?.end === true && sendsOf(exchange).at(-1)?.end !== true;
}

/** Longest command that is written, in characters: what any shell accepts. */
const MAX_COMMAND_CHARS = 65_536;

/**The command that repeats one trial: `base` (program, target, request, framing, pace) with the plan that is this trial. `undefined`
 * when it would be too long for a command line.
 */
export function replayCommand(base: readonly string[], exchange: Exchange, trial: Trial): string | undefined {
  return commandOf([...base, '--plan', `at:${shapeOf(exchange, trial)}`]);
}

/** Words as a command line; `undefined` when it would be too long for one. */
export function commandOf(words: readonly string[]): string | undefined {
  const command = words.map(quote).join(' ');
  return command.length <= MAX_COMMAND_CHARS ? command : undefined;
}

/** Quotes one word for a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
