import { formatPace, parseServerPace } from './delivery/pace.ts';
import { ProbeError } from './errors.ts';
import { optional } from './optional.ts';
import { settingsOf } from './options.ts';
import { planTrials } from './plans/base/sequence.ts';
import { ReportBuilder } from './report/builder.ts';
import { controlAgainst } from './runner/against.ts';
import { runCampaign } from './runner/campaign-run.ts';
import { areBytesShared, createCompany } from './runner/company.ts';
import { findConcurrency, isRight, mostInMemory, runControls } from './runner/controls.ts';
import { createDriftCheck } from './runner/drift.ts';
import { createJudge, serverRun, wireRun } from './runner/judge.ts';
import { createProgress } from './runner/progress.ts';
import { runRounds } from './runner/rounds.ts';
import { createCanary } from './runner/target/canary.ts';
import { createCrashGuard } from './runner/target/crash-guard.ts';
import { createLock } from './runner/target/lock.ts';
import { startOwnTarget } from './runner/target/own-target.ts';
import { modelSetting, patient, trialSetting } from './runner/target/trial-settings.ts';
import { formatTarget, parseTarget } from './transports/target.ts';
import { wireExchange } from './trial/wire-trial.ts';
import type { Pace, PreloadPace } from './delivery/pace.ts';
import type { ProbeOptions, ProbeSettings } from './options.ts';
import type { Campaign } from './plans/base/sequence.ts';
import type { Preload } from './preload/preload.ts';
import type { ProbeReport } from './report/model.ts';
import type { Company } from './runner/company.ts';
import type { Control, ControlResult } from './runner/controls.ts';
import type { Progress } from './runner/progress.ts';
import type { Rounds } from './runner/rounds.ts';
import type { OwnTarget } from './runner/target/own-target.ts';
import type { Target } from './transports/target.ts';
import type { TrialSetting } from './trial/trial.ts';
import type { Exchange } from './types.ts';

export type { ProbeOptions, ProbeProgress } from './options.ts';

/**
 * Finds out whether a server gives the same answers however its requests are cut and glued.
 *
 * First the exchange is done unsplit three times: those answers are the right ones by definition, and when they fail or differ,
 * segmentation is not blamed. Every trial has its own connection. A failure is repeated, shrunk and explained.
 *
 * ```ts
 * const exchange = requestExchange(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
 * const report = await probe({ target: '127.0.0.1:8080', exchange, plans: 'every-cut' });
 * ```
 *
 * @throws ProbeError for wrong options, a target that must not be probed (`PROBE_ERR_TARGET`) or accepts no connection
 * (`PROBE_ERR_CONNECT`), a journal of another campaign (`PROBE_ERR_JOURNAL`); the signal's reason once it aborts.
 */
export async function probe(options: ProbeOptions): Promise<ProbeReport> {
  if (options.run === undefined) return probeTarget(settingsOf(options));
  const { target, pace = 'auto' } = options;
  const given = typeof target === 'string' ? parseTarget(target) : target;
  const read = typeof pace === 'string' ? parseServerPace(pace) : pace;
  // Wrong options are reported before anything is started.
  planOf(settingsOf({ ...options, pace: seenBy(read), target: given ?? UNKNOWN }));
  const own = await startOwnTarget(options.run, given, read.kind === 'preload');
  try {
    return await probeTarget(settingsOf({ ...options, pace: seenBy(read, own.preload), target: own.target }), own);
  } finally {
    await own.stop();
  }
}

/** A piece is read when the library of a program says so, where that is asked for. */
function seenBy(pace: Pace | PreloadPace, preload?: Preload): Pace {
  return pace.kind === 'preload' ? { ...pace, kind: 'drain', ...optional('observer', preload?.watch) } : pace;
}

/** The address at which a target to be started will listen. */
const UNKNOWN: Target = { kind: 'tcp', host: '127.0.0.1', port: 1 };

/** An impossible plan is reported before anything is sent. */
function planOf(settings: ProbeSettings): void {
  if (settings.cut === 'wire') return checkWire(settings);
  planTrials(settings.plans, settings.exchange, { seed: settings.seed });
}

function checkWire({ target }: ProbeSettings): void {
  if (target.kind === 'tcp' && target.tls !== undefined) return;
  throw new ProbeError(
    'PROBE_ERR_DELIVERY',
    `what is below TLS can be cut only where TLS is spoken: tls://host:port, received ${formatTarget(target)}`,
  );
}

async function probeTarget(settings: ProbeSettings, own?: OwnTarget): Promise<ProbeReport> {
  planOf(settings);
  const progress = createProgress(settings.onProgress);
  const baseline = await takeBaseline(settings, own);
  const prepared = await prepareTrials(settings, baseline);
  const { target, against, pace } = settings;
  const ofModel = against === undefined ? '' : `, against ${formatTarget(against)}`;
  const texts = { target: `${own?.text ?? formatTarget(target)}${ofModel}`, pace: formatPace(pace) };
  const builder = new ReportBuilder({ ...settings, ...texts, exchange: prepared.exchange, plans: prepared.campaign.plans });
  builder.setControl(baseline.summary);
  const { control } = baseline;
  const report =
    control === undefined
      ? builder.build(progress.elapsedMs())
      : await runTrials(settings, { ...baseline, ...prepared, control, texts, builder, progress, own });
  return withRestarts(report, own);
}

/** The result of the control, and how it was made. */
interface Baseline extends ControlResult {
  readonly controlSetting: TrialSetting;
  /** How to reach the server whose answers are right: the target, or another one. */
  readonly model: TrialSetting;
}

async function takeBaseline(settings: ProbeSettings, own: OwnTarget | undefined): Promise<Baseline> {
  const { against, autoMask: isAutoMasked = false, signal } = settings;
  const controlSetting = await trialSetting(settings, own?.preload?.watch.begin);
  await own?.listens(controlSetting.connector, signal);
  const model = await modelSetting(settings, controlSetting);
  const found = await runControls(model, settings.masks, { isAutoMasked, signal });
  const result = against === undefined ? found : await controlAgainst(found, controlSetting, against, signal);
  if (result.control !== undefined) own?.preload?.check();
  return { ...result, controlSetting, model };
}

/** What is tried, and how. */
interface Prepared {
  readonly setting: TrialSetting;
  readonly rounds: Rounds;
  readonly concurrency: number;
  readonly exchange: Exchange;
  readonly campaign: Campaign;
}

async function prepareTrials(settings: ProbeSettings, { control, controlSetting, model, masks }: Baseline): Promise<Prepared> {
  // Nothing is tried without a control: the report tells the plans all the same.
  if (control === undefined)
    return planned(settings, { setting: controlSetting, rounds: {}, concurrency: 1, exchange: settings.exchange }, true);
  const { signal } = settings;
  const isWire = settings.cut === 'wire';
  const setting = patient(settings, controlSetting, control.slowestAnswerMs);
  const rounds = isWire ? {} : await runRounds(model, { ...settings, masks }, control);
  const mostAtOnce = mostInMemory(isWire ? Math.min(settings.concurrency, MAX_HANDSHAKES) : settings.concurrency, control);
  const concurrency = await findConcurrency(setting, masks, control, mostAtOnce, signal);
  const exchange = isWire ? await wireExchange(setting, control.learnt, signal) : settings.exchange;
  return planned(settings, { setting, rounds, concurrency, exchange }, control.observation.ended !== 'fin');
}

/** Adds the trials that the plans make of the exchange. */
function planned(settings: ProbeSettings, prepared: Omit<Prepared, 'campaign'>, isReusable: boolean): Prepared {
  const { exchange, rounds, concurrency } = prepared;
  const { plans, seed, cut } = settings;
  const faults = cut === 'wire' ? BELOW_TLS : { repeatFault: rounds.fault, companyFault: companyFaultOf(concurrency, settings) };
  return { ...prepared, campaign: planTrials(plans, exchange, { seed, isReusable, ...faults }) };
}

/** What {@link runTrials} needs besides the settings. */
interface TrialsRun extends Baseline, Prepared {
  readonly control: Control;
  /** Target and pace as the report shows them. */
  readonly texts: { readonly target: string; readonly pace: string };
  readonly builder: ReportBuilder;
  readonly progress: Progress;
  readonly own: OwnTarget | undefined;
}

async function runTrials(settings: ProbeSettings, run: TrialsRun): Promise<ProbeReport> {
  const { autoMask: isAutoMasked = false, signal } = settings;
  const { control, controlSetting, model, setting, rounds, concurrency, exchange, campaign, own } = run;
  // One list: what drifts during the campaign is masked in the trials that follow.
  const masks = [...run.masks];
  const isWire = settings.cut === 'wire';
  const runOnce = isWire ? wireRun(setting, masks, control) : serverRun(setting, model, masks, control, rounds.result);
  const areShared = (): Promise<boolean> => areBytesShared(settings.exchange, (trial) => runOnce(trial, signal));
  const lock = createLock();
  const { connector } = controlSetting;
  const canary = createCanary({ connector, patient: setting.connector, isIdle: concurrency > 1, diedAt: own?.diedAt });
  const guard = createCrashGuard(canary, () => own?.ending, lock);
  const company = concurrency > 1 && !isWire ? createCompany(lock, areShared) : undefined;
  const driftOf = createDriftCheck({ setting, controlSetting, control, masks, isAutoMasked });
  const report = runCampaign({
    ...settings,
    ...run.texts,
    exchange,
    plans: settings.plans.map(({ text }) => text).join('+'),
    campaign,
    builder: run.builder,
    progress: run.progress,
    judge: createJudge(runOnce, { driftOf, guard, ...optional('company', company) }),
    isStillRight: () => isRight(setting, masks, control, signal),
    areBytesShared: areShared,
    concurrency,
  });
  return withCompany(await report.finally(() => guard.close()), company);
}

/** Most handshakes at once: each keeps both sides busy. */
const MAX_HANDSHAKES = 8;

/** What the bytes of TLS do not allow: none of them is good for two connections, or twice on one; and each trial is a handshake. */
const BELOW_TLS = {
  maxCuts: 512,
  repeatFault: 'TLS bytes can be sent only once',
  companyFault: 'TLS bytes belong to one connection',
};

/** Why two connections at once would tell nothing; undefined when they would. */
function companyFaultOf(concurrency: number, { concurrency: wanted }: ProbeSettings): string | undefined {
  if (concurrency > 1) return undefined;
  return wanted === 1 ? 'one connection at a time was asked for' : 'the target serves one connection at a time';
}

function withCompany(report: ProbeReport, company: Company | undefined): ProbeReport {
  if (company?.isShared !== true) return report;
  const { control } = report;
  const said = `connections share something by design, as a counter: ${company.excused} trials that went wrong beside others were judged alone, as were all after them`;
  return { ...report, control: { ...control, detail: control.detail === undefined ? said : `${control.detail}; ${said}` } };
}

function withRestarts(report: ProbeReport, own: OwnTarget | undefined): ProbeReport {
  return own === undefined ? report : { ...report, restarts: own.restarts };
}
