import type { ProbeProgress } from '@socklab/probe';

/** How far a campaign is, in one line of less than 80 columns. */
export function progressLine({ phase, done, total, totals, perSecond, leftMs }: ProbeProgress): string {
  if (phase === 'control') return 'control: the exchange unsplit, three times';
  const verdicts = (['pass', 'fail', 'unconfirmed', 'flaky'] as const).filter((kind) => totals[kind] > 0 || kind === 'pass');
  const counts = verdicts.map((kind) => `${totals[kind]} ${kind}`).join(', ');
  if (phase === 'shrink') return `${done} of ${total} trials: ${counts}; looking for the smallest cuts that fail`;
  const rate = perSecond === undefined ? '' : `; ${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`;
  return `${done} of ${total} trials: ${counts}${rate}${leftMs === undefined ? '' : `, ${formatLeft(leftMs)} left`}`;
}

function formatLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
