import { datagramSettings } from './datagrams/options.ts';
import { parseDatagramPlans, planDatagrams } from './datagrams/plans/registry.ts';
import { DatagramReportBuilder, doneOf } from './datagrams/report/builder.ts';
import { runDatagramCampaign } from './datagrams/runner/campaign.ts';
import { findCapacity, isAnsweredTwice, unharmedPlan, unharmedRun } from './datagrams/runner/capacity.ts';
import { openDatagramJournal } from './datagrams/runner/journal.ts';
import { openDatagramTarget, targetText } from './datagrams/runner/target.ts';
import { runDatagramControl } from './datagrams/trial/control.ts';
import type { DatagramProbeOptions, DatagramProgress, DatagramSettings } from './datagrams/options.ts';
import type { PlannedDatagrams } from './datagrams/plans/registry.ts';
import type { DatagramReport } from './datagrams/report/model.ts';
import type { DatagramJournal } from './datagrams/runner/journal.ts';
import type { DatagramTarget } from './datagrams/runner/target.ts';
import type { DatagramControlResult } from './datagrams/trial/control.ts';
import type { JudgeSetting } from './datagrams/trial/judge.ts';
import type { PlaySetting } from './datagrams/trial/play.ts';

/** An answer may take so much longer on a machine that is busy. */
const HANG_PER_CONTROL = 20;
const SHORTEST_HANG_MS = 1000;
const SILENCE_PER_CONTROL = 3;

/**
 * Finds out what a UDP server does when datagrams are lost, doubled, swapped, delayed, truncated or glued, as networks and attackers do
 * with them. The unharmed exchange is done first; each trial has a socket, and so an address, of its own. What UDP allows is no
 * failure: an answer that does not come to a datagram that was lost, or one that comes twice to one that was doubled.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE`, `PROBE_ERR_PLAN`, `PROBE_ERR_NO_TRIALS` and `PROBE_ERR_DELIVERY` for what cannot be done,
 * `PROBE_ERR_JOURNAL` for a journal of another campaign, `PROBE_ERR_TARGET` for a target that is not one's own, `PROBE_ERR_COMMAND` when it cannot be started, `PROBE_ERR_CONNECT` when
 * nothing can be sent to it; the signal's reason once it aborts.
 */
export async function probeDatagrams(options: DatagramProbeOptions): Promise<DatagramReport> {
  const settings = datagramSettings(options);
  const { exchange, delayMs, maxTruncations } = settings;
  const planned = [
    unharmedPlan(exchange),
    ...planDatagrams(parseDatagramPlans(settings.plans), { exchange, delayMs, maxTruncations }),
  ] as const;
  const journal = journalOf(settings, planned);
  try {
    const target = await openDatagramTarget(settings);
    try {
      return await probeTarget(settings, { planned, target, journal });
    } finally {
      await target.stop();
    }
  } finally {
    journal?.close();
  }
}

type Planned = readonly [PlannedDatagrams, ...PlannedDatagrams[]];

/** Opened before anything is sent: the wrong one is refused at once. */
function journalOf(settings: DatagramSettings, [, ...harmed]: Planned): DatagramJournal | undefined {
  if (settings.journal === undefined) return undefined;
  return openDatagramJournal(settings.journal, { settings, target: targetText(settings), trials: harmed.flatMap(({ trials }) => trials) });
}

interface Opened {
  readonly planned: Planned;
  readonly target: DatagramTarget;
  readonly journal: DatagramJournal | undefined;
}

async function probeTarget(settings: DatagramSettings, { planned, target, journal }: Opened): Promise<DatagramReport> {
  const startedAt = performance.now();
  const builder = new DatagramReportBuilder(settings, planned, target);
  const report = (control: DatagramControlResult): DatagramReport => builder.build(control.summary, performance.now() - startedAt);
  const tell = createTeller(settings, builder, startedAt, planned);
  tell('control');
  const { address } = target;
  const { controlTimeoutMs: hangMs, quietMs, signal, autoMask: isAutoMasked = false } = settings;
  const unknown: PlaySetting = { ...settings, due: [], limits: { hangMs, quietMs } };
  const learnt = await runDatagramControl(address, unknown, { isAutoMasked, signal });
  if (learnt.control === undefined) return report(learnt);
  const judging = await judgeSetting(settings, target, learnt);
  const capacity = await findCapacity(judging, settings.concurrency, signal);
  const { concurrency, detail, isMixed, isSilenced } = capacity;
  const [unharmed, ...harmed] = planned;
  builder.add(unharmedRun(unharmed, capacity));
  builder.concurrency = concurrency;
  if (detail !== undefined) builder.notes.push(`${detail}; ${concurrency} at once were tried`);
  if (!judging.isReusable) builder.notes.push('one address is not answered twice: after a trial only new addresses were asked again');
  tell('trials');
  await runDatagramCampaign({
    trials: harmed.flatMap(({ trials }) => trials),
    concurrency,
    isMixed,
    isSilenced,
    setting: judging,
    target,
    builder,
    journal,
    isOver: () => settings.stop?.aborted === true || performance.now() - startedAt >= (settings.maxTimeMs ?? Number.POSITIVE_INFINITY),
    onProgress: () => tell('trials'),
    signal,
  });
  return report(learnt);
}

async function judgeSetting(
  settings: DatagramSettings,
  { address }: DatagramTarget,
  { control, masks }: DatagramControlResult,
): Promise<JudgeSetting> {
  const { due, slowestMs } = control!;
  const hangMs = settings.hangMs ?? Math.max(SHORTEST_HANG_MS, HANG_PER_CONTROL * slowestMs);
  const quietMs = Math.max(settings.quietMs, SILENCE_PER_CONTROL * slowestMs);
  const setting: JudgeSetting = {
    address,
    play: { exchange: settings.exchange, id: settings.id, masks, due, limits: { hangMs, quietMs } },
    isReusable: false,
    allowed: settings.allowed,
  };
  return { ...setting, isReusable: await isAnsweredTwice(setting, settings.signal) };
}

function createTeller(
  { onProgress }: DatagramSettings,
  builder: DatagramReportBuilder,
  startedAt: number,
  planned: readonly PlannedDatagrams[],
): (phase: DatagramProgress['phase']) => void {
  const total = planned.reduce((sum, { trials }) => sum + trials.length, 0);
  return (phase) => {
    const totals = builder.totals();
    const isControl = phase === 'control';
    onProgress?.({ phase, done: doneOf(totals), total: isControl ? 0 : total, totals, elapsedMs: performance.now() - startedAt });
  };
}
