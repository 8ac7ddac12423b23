import { formatTarget } from '../transports/target.ts';
import { uncut } from './controls.ts';
import type { Target } from '../transports/target.ts';
import type { TrialSetting } from '../trial/trial.ts';
import type { ControlResult } from './controls.ts';

/**
 * Combines the controls of two servers: the other server's answers are the right ones, and it fails when they differ even unsplit.
 * Waits follow the slower of the two.
 */
export async function controlAgainst(
  result: ControlResult,
  setting: TrialSetting,
  model: Target,
  signal: AbortSignal | undefined,
): Promise<ControlResult> {
  const { control, masks, summary } = result;
  const name = formatTarget(model);
  const detail = [`as ${name} answers`, ...(summary.detail === undefined ? [] : [summary.detail])].join('; ');
  if (control === undefined) return { ...result, summary: { ...summary, detail } };
  const { verdict, slowestAnswerMs } = await uncut(setting, masks, control, signal);
  if (verdict.kind === 'fail') {
    const { control: _control, ...rest } = result;
    return { ...rest, summary: { ...summary, kind: 'failed', detail: `uncut the target does not answer as ${name}: ${verdict.detail}` } };
  }
  return {
    ...result,
    summary: { ...summary, detail },
    control: { ...control, slowestAnswerMs: Math.max(control.slowestAnswerMs, slowestAnswerMs) },
  };
}
