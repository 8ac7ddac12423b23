import { formatPace } from './delivery/pace.ts';
import { ProbeError } from './errors.ts';
import { exchangeOf } from './exchange/recording.ts';
import { settingsOf } from './options.ts';
import { planTrials } from './plans/base/sequence.ts';
import { sendsOf } from './plans/base/steps.ts';
import { parsePlan } from './plans/parse.ts';
import { ReportBuilder } from './report/builder.ts';
import { runCampaign } from './runner/campaign-run.ts';
import { ClientStage } from './runner/client-stage.ts';
import { CONTROL_RUNS } from './runner/controls.ts';
import { createJudge } from './runner/judge.ts';
import { createProgress } from './runner/progress.ts';
import { splitWords } from './runner/target/words.ts';
import type { PlayedSide, Recording } from './exchange/recording.ts';
import type { ProbeOptions, ProbeSettings } from './options.ts';
import type { ProbeReport } from './report/model.ts';
import type { StageControl } from './runner/client-stage.ts';
import type { Exchange } from './types.ts';

/** Options of `probeClient`; the others are as in `ProbeOptions`. */
export interface ClientProbeOptions extends Omit<ProbeOptions, 'target' | 'against' | 'exchange' | 'iOwnTheTarget'> {
  /** What a server once sent to a client; it is sent again to each client, cut. */
  readonly recording: Recording;
  /**
   * The client: a command line, split into words without a shell, or the words. `{port}` and `{host}` are replaced by the address to
   * connect to. For a pipe or a variable run the shell yourself: `['sh', '-c', '…']`.
   */
  readonly run: string | readonly string[];
  /** The framing of the server's bytes. @defaultValue that of the recording */
  readonly framing?: string;
  /** The working folder of the client. @defaultValue that of this process */
  readonly cwd?: string;
  /** The client's environment. @defaultValue that of this process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Clients that run at once. @defaultValue 2 */
  readonly concurrency?: number;
}

const HOST = '127.0.0.1';

/**
 * Finds out whether a client behaves the same however a server's answers are cut. It plays the server's side of a recording to a
 * fresh process of the client for each trial and compares exit code and output with those of unsplit runs.
 *
 * @throws ProbeError `PROBE_ERR_COMMAND` when the client cannot be started, and for wrong options as `probe` does.
 */
export async function probeClient(options: ClientProbeOptions): Promise<ProbeReport> {
  const words = typeof options.run === 'string' ? splitWords(options.run) : options.run;
  const progress = createProgress(options.onProgress);
  const { stage, settings, summary, control } = await prepared(options, words);
  const { exchange } = settings;
  const campaign = planTrials(settings.plans, exchange, { seed: settings.seed, isReusable: false, companyFault: 'each client makes one' });
  const texts = { target: words.join(' '), pace: formatPace(settings.pace) };
  const builder = new ReportBuilder({ ...settings, ...texts, plans: campaign.plans });
  builder.setControl(summary);
  if (control === undefined) return builder.build(progress.elapsedMs());
  const runOnce = stage.runOnce(control);
  return runCampaign({
    ...settings,
    ...texts,
    plans: settings.plans.map(({ text }) => text).join('+'),
    campaign,
    builder,
    progress,
    judge: createJudge(runOnce),
    // Each client is a process of its own: it leaves no state for the next.
    isStillRight: () => Promise.resolve(true),
  });
}

/** A stage with its control. */
interface Prepared extends StageControl {
  readonly stage: ClientStage;
  readonly settings: ProbeSettings;
}

/** Most writes of a server that are sent each by itself. */
const MOST_WRITES = 100;

/**
 * What the server sent without an answer in between is one write, unless the client fails with that and works when it reads each recorded
 * write by itself: then those are sends of their own, and trials that glue them show what goes wrong.
 */
async function prepared(options: ClientProbeOptions, words: readonly string[]): Promise<Prepared> {
  const { recording, framing } = options;
  const played = { sender: 'server', ...(framing === undefined ? {} : { framing }) } as const;
  const joined = await withControl(options, words, exchangeOf(recording, played));
  if (joined.summary.kind !== 'failed' || joined.summary.runs < CONTROL_RUNS) return joined;
  const exchange = apartOf(recording, played);
  const writes = exchange === undefined ? 0 : sendsOf(exchange).length;
  if (exchange === undefined || writes === sendsOf(joined.settings.exchange).length || writes > MOST_WRITES) return joined;
  const apart = await withControl(options, words, exchange, true);
  if (apart.control === undefined) return joined;
  const detail = `each recorded write is read before the next one is sent; when they are one write, ${joined.summary.detail}`;
  return { ...apart, settings: gluing(apart.settings, writes), summary: { ...apart.summary, detail } };
}

/** The recorded writes as sends of their own; undefined where those are no whole frames. */
function apartOf(recording: Recording, played: PlayedSide): Exchange | undefined {
  try {
    return exchangeOf(recording, { ...played, isApart: true });
  } catch (error) {
    if (error instanceof ProbeError) return undefined;
    throw error;
  }
}

/** Also what failed in the control: all writes in one. A trial that is asked for by its cuts stays alone. */
function gluing(settings: ProbeSettings, writes: number): ProbeSettings {
  const name = `glue:${writes}`;
  if (settings.plans.some(({ text }) => text === name || text.startsWith('at:'))) return settings;
  return { ...settings, plans: [...settings.plans, ...parsePlan(name)] };
}

async function withControl(
  options: ClientProbeOptions,
  words: readonly string[],
  exchange: Exchange,
  isApart: boolean = false,
): Promise<Prepared> {
  const { recording: _, run: __, framing: ___, ...rest } = options;
  const settings = settingsOf({ concurrency: 2, ...rest, target: `${HOST}:1`, exchange });
  const stage = new ClientStage(settings, { words, cwd: options.cwd, env: options.env, isApart });
  return { stage, settings, ...(await stage.control()) };
}
