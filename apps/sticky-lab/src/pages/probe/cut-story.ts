import { explain, parsePlan, planTrials, replayCommand } from '@socklab/probe';
import { Refusal } from '../../http/refusal.ts';
import type { PlannedCampaign } from './campaign-request.ts';
import type { CutStory } from './contract.ts';
import type { VerdictBoard } from './verdict-board.ts';
import type { ProbeReport } from '@socklab/probe';

/** The inputs of a cut's story. */
export interface StorySource {
  readonly planned: PlannedCampaign;
  readonly board: VerdictBoard;
  /** Once the campaign is done. */
  readonly report: ProbeReport | undefined;
}

/**
 * Tells everything known about one cut.
 *
 * @throws Refusal 404 when the request cannot be cut there.
 */
export function cutStory({ planned, board, report }: StorySource, cut: number): CutStory {
  const { exchange, sends, replay } = planned;
  const shape = Number.isSafeInteger(cut) && cut > 0 ? sends.shapeOf(cut) : undefined;
  if (shape === undefined) {
    const last = sends.byteLength - 1;
    throw new Refusal(404, { en: `there is no cut ${cut}, only 1 to ${last}`, zh: `没有切点 ${cut}，只有 1 到 ${last}` });
  }
  const trial = planTrials(parsePlan(`at:${shape}`), exchange).at(0);
  const { cell, failure } = board.at(cut);
  const shown = caseOf(report, shape);
  return {
    cut,
    cell,
    detail: shown?.detail ?? failure?.detail ?? null,
    ...explain(exchange, trial),
    replay: replayCommand(replay, exchange, trial) ?? null,
    case: shown ?? null,
  };
}

/** The case of this cut, or else one whose smallest cut it is. */
function caseOf(report: ProbeReport | undefined, shape: string): ProbeReport['cases'][number] | undefined {
  const cases = report?.cases ?? [];
  return cases.find(({ trial }) => trial.shape === shape) ?? cases.find(({ shrunk }) => shrunk?.trial.shape === shape);
}
