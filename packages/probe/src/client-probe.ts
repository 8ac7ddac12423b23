import { formatPace } from './delivery/pace.ts';
import { ProbeError } from './errors.ts';
import { exchangeOf } from './exchange/recording.ts';
import { settingsOf } from './options.ts';
import { planTrials } from './plans/base/sequence.ts';
import { controlTrial } from './plans/base/steps.ts';
import { ReportBuilder } from './report/builder.ts';
import { excerptOf } from './report/model.ts';
import { runCampaign } from './runner/campaign-run.ts';
import { CONTROL_RUNS, learn } from './runner/controls.ts';
import { createJudge } from './runner/judge.ts';
import { createProgress } from './runner/progress.ts';
import { startClient } from './runner/target/client-process.ts';
import { isNoConnection } from './runner/target/patient-connector.ts';
import { createPlayedServer } from './runner/target/played-server.ts';
import { splitWords } from './runner/target/words.ts';
import { compare } from './trial/compare.ts';
import { runTrial } from './trial/trial.ts';
import { findVariation, whereAndAdvice } from './trial/variation.ts';
import type { Recording } from './exchange/recording.ts';
import type { ProbeOptions, ProbeSettings } from './options.ts';
import type { ControlSummary, ProbeReport } from './report/model.ts';
import type { Judge } from './runner/judge.ts';
import type { ClientExit, ClientProcess } from './runner/target/client-process.ts';
import type { PlayedServer } from './runner/target/played-server.ts';
import type { Connector } from './transports/connector.ts';
import type { Expectation } from './trial/compare.ts';
import type { Learnt, TrialRun, TrialSetting } from './trial/trial.ts';
import type { Bytes, Observation, Trial } from './types.ts';

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
/** A program takes time to start; on a busy machine more than that. */
const SHORTEST_HANG_MS = 5_000;
const HANG_PER_CONTROL = 20;

/**
 * Finds out whether a client behaves the same however a server's answers are cut. It plays the server's side of a recording to a
 * fresh process of the client for each trial and compares exit code and output with those of unsplit runs.
 *
 * @throws ProbeError `PROBE_ERR_COMMAND` when the client cannot be started, and for wrong options as `probe` does.
 */
export async function probeClient(options: ClientProbeOptions): Promise<ProbeReport> {
  const { recording, run, framing, ...rest } = options;
  const exchange = exchangeOf(recording, { sender: 'server', ...(framing === undefined ? {} : { framing }) });
  const settings = settingsOf({ concurrency: 2, ...rest, target: `${HOST}:1`, exchange });
  const words = typeof run === 'string' ? splitWords(run) : run;
  const stage = new Stage(settings, options, words);
  const progress = createProgress(settings.onProgress);
  const { summary, control } = await stage.control();
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

/** A client and its connection. */
interface Played {
  readonly outcome: ClientExit;
  readonly run: TrialRun;
  readonly durationMs: number;
}

interface ClientControl {
  readonly output: Bytes;
  readonly learnt: Learnt;
  readonly hangMs: number;
}

/** Starts clients and runs trials with them. */
class Stage {
  readonly #settings: ProbeSettings;
  readonly #options: ClientProbeOptions;
  readonly #words: readonly string[];

  constructor(settings: ProbeSettings, options: ClientProbeOptions, words: readonly string[]) {
    this.#settings = settings;
    this.#options = options;
    this.#words = words;
  }

  async control(): Promise<{ readonly summary: ControlSummary; readonly control?: ClientControl }> {
    const { controlTimeoutMs, exchange, hangMs } = this.#settings;
    const played: Played[] = [];
    const trial = controlTrial(exchange);
    try {
      for (let run = 0; run < CONTROL_RUNS; run++)
        played.push(await this.#play(trial, undefined, Math.max(controlTimeoutMs, SHORTEST_HANG_MS)));
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      return { summary: { kind: 'failed', runs: played.length, durationMs: 0, detail: error.message, answers: [] } };
    }
    const [first] = played;
    const fault = this.#faultOf(trial, played);
    const durationMs = Math.max(...played.map((each) => each.durationMs));
    const answers = first === undefined ? [] : [excerptOf(first.outcome.output)];
    if (fault !== undefined || first === undefined) {
      return { summary: { kind: 'failed', runs: played.length, durationMs, answers, ...fault } };
    }
    const learnt = learn(
      played.map(({ run }) => run),
      first.run,
    );
    const summary: ControlSummary = { kind: 'ok', runs: played.length, durationMs, answers };
    const slowMs = hangMs ?? Math.max(SHORTEST_HANG_MS, HANG_PER_CONTROL * durationMs);
    return { summary, control: { output: first.outcome.output, learnt, hangMs: slowMs } };
  }

  /** The fault of the control: a client that never ended, that failed, or that behaves differently each time. */
  #faultOf(trial: Trial, played: readonly Played[]): Pick<ControlSummary, 'kind' | 'detail'> | undefined {
    const late = played.findIndex(({ outcome }) => outcome.isLate);
    if (late >= 0) return { kind: 'failed', detail: `run ${late + 1} of the client with nothing cut did not end by itself` };
    // What a client does with an answer that it refuses shows nothing about one that it accepts.
    const failed = played.findIndex(({ outcome }) => outcome.ending !== 'exit 0');
    if (failed >= 0)
      return { kind: 'failed', detail: `run ${failed + 1} of the client with nothing cut: ${played[failed]!.outcome.ending}` };
    const [first, ...others] = played;
    for (const [index, other] of others.entries()) {
      const expectation = { answers: [first?.outcome.output ?? new Uint8Array(0)], ended: 'open' } as const;
      const verdict = compare(trial, observationOf(other), expectation, this.#settings.masks);
      if (verdict.kind !== 'fail') continue;
      const variation = findVariation(
        played.map(({ outcome }) => [outcome.output]),
        this.#settings.masks,
      );
      const advice = variation === undefined ? 'mask what may differ' : whereAndAdvice(variation);
      return { kind: 'flaky', detail: `runs 1 and ${index + 2} of the client with nothing cut differ: ${verdict.detail}; ${advice}` };
    }
    return undefined;
  }

  runOnce(control: ClientControl): Judge['runOnce'] {
    return async (trial) => {
      const expectation: Expectation = { answers: [control.output], ended: 'open' };
      const observation = await this.#observe(trial, control);
      return { trial, verdict: compare(trial, observation, expectation, this.#settings.masks), observation, expectation };
    };
  }

  async #observe(trial: Trial, { learnt, hangMs }: ClientControl): Promise<Observation> {
    try {
      return observationOf(await this.#play(trial, learnt, hangMs));
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      return { received: [], ended: 'timeout', durationMs: hangMs, confirmed: false, pieces: [] };
    }
  }

  async #play(trial: Trial, learnt: Learnt | undefined, hangMs: number): Promise<Played> {
    const { signal, maxAnswerBytes: maxOutputBytes } = this.#settings;
    const { cwd, env } = this.#options;
    const server = await createPlayedServer(hangMs);
    try {
      const startedAt = performance.now();
      const client = await startClient({ words: this.#words.map((word) => filled(word, server.port)), cwd, env, maxOutputBytes });
      try {
        const run = await runTrial(trial, this.#trialSetting(connectedBy(client, server), hangMs), learnt, signal);
        const outcome = await client.ended(hangMs);
        return { outcome, run, durationMs: performance.now() - startedAt };
      } finally {
        client.kill();
      }
    } finally {
      server.close();
    }
  }

  #trialSetting(connector: TrialSetting['connector'], hangMs: number): TrialSetting {
    const { exchange, pace, quietMs, trialTimeoutMs: trialMs, maxAnswerBytes, peerPid } = this.#settings;
    const limits = { hangMs, quietMs, trialMs, maxAnswerBytes };
    return { exchange, connector, pace, limits, ...(peerPid === undefined ? {} : { peerPid }) };
  }
}

/** The client's connection; a client that has ended makes none any more. */
function connectedBy({ over }: ClientProcess, server: PlayedServer): Connector {
  const withoutOne = async (): Promise<never> => {
    await over;
    throw new ProbeError('PROBE_ERR_CONNECT', 'the client ended and did not connect');
  };
  return { connect: (signal) => Promise.race([server.connect(signal), withoutOne()]) };
}

function filled(word: string, port: number): string {
  return word.replaceAll('{port}', String(port)).replaceAll('{host}', HOST);
}

/** The client's behaviour is the answer; whether it read each piece separately is known from the connection. */
function observationOf({ outcome, run, durationMs }: Played): Observation {
  const { confirmed, pieces } = run.observation;
  return {
    received: [outcome.output],
    ended: outcome.isLate ? 'timeout' : 'open',
    durationMs,
    confirmed,
    pieces,
    ...(outcome.isOverflowed ? { overflowed: true } : {}),
  };
}
