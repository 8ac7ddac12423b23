import { DEFAULT_DRAIN_TIMEOUT_MS, formatPace } from './delivery/pace.ts';
import { ProbeError } from './errors.ts';
import { optional } from './optional.ts';
import { settingsOf } from './options.ts';
import { planTrials } from './plans/base/sequence.ts';
import { ReportBuilder } from './report/builder.ts';
import { controlAgainst } from './runner/against.ts';
import { runCampaign } from './runner/campaign-run.ts';
import { areBytesShared, createCompany } from './runner/company.ts';
import { findConcurrency, isRight, runControls } from './runner/controls.ts';
import { createDriftCheck } from './runner/drift.ts';
import { createJudge, serverRun, wireRun } from './runner/judge.ts';
import { createProgress } from './runner/progress.ts';
import { runRounds } from './runner/rounds.ts';
import { createCanary } from './runner/target/canary.ts';
import { createCrashGuard } from './runner/target/crash-guard.ts';
import { createLock } from './runner/target/lock.ts';
import { startOwnTarget } from './runner/target/own-target.ts';
import { patientConnector } from './runner/target/patient-connector.ts';
import { createConnector } from './transports/connector.ts';
import { formatTarget, parseTarget } from './transports/target.ts';
import { wireExchange } from './trial/wire-trial.ts';
import type { ProbeOptions, ProbeSettings } from './options.ts';
import type { ProbeReport } from './report/model.ts';
import type { Company } from './runner/company.ts';
import type { OwnTarget } from './runner/target/own-target.ts';
import type { Target } from './transports/target.ts';
import type { TrialSetting } from './trial/trial.ts';

export type { ProbeOptions, ProbeProgress } from './options.ts';

/** How long a crashed target is awaited before the campaign is given up, in milliseconds. */
const PATIENCE_MS = 3_000;
const SHORTEST_HANG_MS = 1_000;
const HANDSHAKE_MS = 5_000;
const HANG_PER_CONTROL = 20;
const READ_PER_CONTROL = 3;

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
  const { target } = options;
  const given = typeof target === 'string' ? parseTarget(target) : target;
  // Wrong options are reported before anything is started.
  planOf(settingsOf({ ...options, target: given ?? UNKNOWN }));
  const own = await startOwnTarget(options.run, given);
  try {
    return await probeTarget(settingsOf({ ...options, target: own.target }), own);
  } finally {
    await own.stop();
  }
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
  const controlSetting = await trialSetting(settings);
  const { autoMask: isAutoMasked = false, signal } = settings;
  await own?.listens(controlSetting.connector, signal);
  const model = await modelSetting(settings, controlSetting);
  const found = await runControls(model, settings.masks, { isAutoMasked, signal });
  const { against } = settings;
  const { summary, control, masks: used } = against === undefined ? found : await controlAgainst(found, controlSetting, against, signal);
  const masks = [...used];
  const isReusable = control?.observation.ended !== 'fin';
  const isWire = settings.cut === 'wire';
  const rounds = control === undefined || isWire ? {} : await runRounds(model, { ...settings, masks }, control);
  const setting = control === undefined ? controlSetting : patient(settings, controlSetting, control.slowestAnswerMs);
  const concurrency =
    control === undefined
      ? 1
      : await findConcurrency(
          setting,
          masks,
          control,
          isWire ? Math.min(settings.concurrency, MAX_HANDSHAKES) : settings.concurrency,
          signal,
        );
  const exchange = isWire && control !== undefined ? await wireExchange(setting, control.learnt, signal) : settings.exchange;
  const faults = isWire ? BELOW_TLS : { repeatFault: rounds.fault, companyFault: companyFaultOf(concurrency, settings) };
  const campaign = planTrials(settings.plans, exchange, { seed: settings.seed, isReusable, ...faults });
  const ofModel = against === undefined ? '' : `, against ${formatTarget(against)}`;
  const texts = { target: `${own?.text ?? formatTarget(settings.target)}${ofModel}`, pace: formatPace(settings.pace) };
  const builder = new ReportBuilder({ ...settings, ...texts, exchange, plans: campaign.plans });
  builder.setControl(summary);
  if (control === undefined) return withRestarts(builder.build(progress.elapsedMs()), own);
  const lock = createLock();
  const guard = createCrashGuard(createCanary(controlSetting.connector, concurrency > 1, own?.diedAt), () => own?.ending, lock);
  const runOnce = isWire ? wireRun(setting, masks, control) : serverRun(setting, model, masks, control, rounds.result);
  const isShared = (): Promise<boolean> => areBytesShared(settings.exchange, (trial) => runOnce(trial, signal));
  const company = concurrency > 1 && !isWire ? createCompany(lock, isShared) : undefined;
  const report = runCampaign({
    ...settings,
    ...texts,
    exchange,
    plans: settings.plans.map(({ text }) => text).join('+'),
    campaign,
    builder,
    progress,
    judge: createJudge(runOnce, {
      driftOf: createDriftCheck({ setting, controlSetting, control, masks, isAutoMasked }),
      guard,
      ...optional('company', company),
    }),
    isStillRight: () => isRight(setting, masks, control, signal),
    areBytesShared: isShared,
    concurrency,
  });
  return withRestarts(withCompany(await report.finally(() => guard.close()), company), own);
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

function patient(settings: ProbeSettings, setting: TrialSetting, slowestAnswerMs: number): TrialSetting {
  const { connector, limits } = setting;
  const hangMs = settings.hangMs ?? Math.max(settings.cut === 'wire' ? HANDSHAKE_MS : SHORTEST_HANG_MS, HANG_PER_CONTROL * slowestAnswerMs);
  // A server that reads slowly does so in the control, too. The arithmetic of TLS comes before the first answer.
  const { pace, cut } = settings;
  const leastMs = cut === 'wire' ? HANDSHAKE_MS : DEFAULT_DRAIN_TIMEOUT_MS;
  const isWaiting = (pace.kind === 'drain' || pace.kind === 'auto') && pace.timeoutMs === undefined;
  return {
    ...setting,
    connector: patientConnector(connector, PATIENCE_MS),
    limits: { ...limits, hangMs },
    pace: isWaiting ? { ...pace, timeoutMs: Math.max(leastMs, READ_PER_CONTROL * slowestAnswerMs) } : pace,
  };
}

/** A payload has no line ending, which the pattern may require. */
function framePattern({ source }: RegExp): RegExp {
  return new RegExp(source.replace(/(?:\\r)?\??\\n$/, ''), 'm');
}

/** How to reach the server whose answers are right. */
async function modelSetting({ against, connectTimeoutMs, iOwnTheTarget }: ProbeSettings, own: TrialSetting): Promise<TrialSetting> {
  if (against === undefined) return own;
  const connector = await createConnector(against, {
    ...optional('connectTimeoutMs', connectTimeoutMs),
    ...optional('iOwnTheTarget', iOwnTheTarget),
  });
  return { ...own, connector };
}

async function trialSetting(settings: ProbeSettings): Promise<TrialSetting> {
  const { connectTimeoutMs, iOwnTheTarget, peerPid } = settings;
  const connector = await createConnector(settings.target, {
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(iOwnTheTarget === undefined ? {} : { iOwnTheTarget }),
  });
  return {
    exchange: settings.exchange,
    connector,
    pace: settings.pace,
    limits: {
      hangMs: settings.controlTimeoutMs,
      quietMs: settings.quietMs,
      trialMs: settings.trialTimeoutMs,
      maxAnswerBytes: settings.maxAnswerBytes,
    },
    ...(peerPid === undefined ? {} : { peerPid }),
    ignored: settings.masks.filter(({ isIgnored }) => isIgnored).map(({ pattern }) => framePattern(pattern)),
  };
}
