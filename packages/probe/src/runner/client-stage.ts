import { ProbeError } from '../errors.ts';
import { controlTrial } from '../plans/base/steps.ts';
import { excerptOf } from '../report/model.ts';
import { compare } from '../trial/compare.ts';
import { parseMask } from '../trial/masks.ts';
import { runTrial } from '../trial/trial.ts';
import { findVariation, whereAndAdvice } from '../trial/variation.ts';
import { CONTROL_RUNS, learn } from './controls.ts';
import { startClient } from './target/client-process.ts';
import { isNoConnection } from './target/patient-connector.ts';
import { createPlayedServer } from './target/played-server.ts';
import type { ProbeSettings } from '../options.ts';
import type { ControlSummary } from '../report/model.ts';
import type { Connector } from '../transports/connector.ts';
import type { Expectation } from '../trial/compare.ts';
import type { Mask } from '../trial/masks.ts';
import type { Learnt, TrialRun, TrialSetting } from '../trial/trial.ts';
import type { Bytes, Observation, Trial } from '../types.ts';
import type { Judge } from './judge.ts';
import type { ClientExit, ClientProcess } from './target/client-process.ts';
import type { PlayedServer } from './target/played-server.ts';

const HOST = '127.0.0.1';
/** A program takes time to start; on a busy machine more than that. */
const SHORTEST_HANG_MS = 5_000;
const HANG_PER_CONTROL = 20;

/** The client of a stage. */
export interface StagedClient {
  /** Its command line. `{port}` and `{host}` are replaced by the address to connect to. */
  readonly words: readonly string[];
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Whether it reads each send before the next. */
  readonly isApart: boolean;
}

/** A client and its connection. */
interface Played {
  readonly outcome: ClientExit;
  readonly run: TrialRun;
  readonly durationMs: number;
}

/** What every trial must come to. */
export interface ClientControl {
  readonly output: Bytes;
  readonly learnt: Learnt;
  readonly hangMs: number;
}

/** What came of the runs with nothing cut; without `control` they failed. */
export interface StageControl {
  readonly summary: ControlSummary;
  readonly control?: ClientControl;
}

/** Starts clients and runs trials with them. */
export class ClientStage {
  readonly #settings: ProbeSettings;
  readonly #client: StagedClient;
  /** Those of the settings, then what was found for `autoMask`. */
  #masks: readonly Mask[];

  constructor(settings: ProbeSettings, client: StagedClient) {
    this.#settings = settings;
    this.#client = client;
    this.#masks = settings.masks;
  }

  async control(): Promise<StageControl> {
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
    if (this.#settings.autoMask === true) this.#masks = [...this.#masks, ...this.#foundMasks(played)];
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

  /** What covers the differences between runs. */
  #foundMasks(played: readonly Played[]): readonly Mask[] {
    const variation = findVariation(
      played.map(({ outcome }) => [outcome.output]),
      this.#masks,
    );
    return (variation?.masks ?? []).map(parseMask);
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
      const verdict = compare(trial, observationOf(other), expectation, this.#masks);
      if (verdict.kind !== 'fail') continue;
      const variation = findVariation(
        played.map(({ outcome }) => [outcome.output]),
        this.#masks,
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
      return { trial, verdict: compare(trial, observation, expectation, this.#masks), observation, expectation };
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
    const { words, cwd, env } = this.#client;
    const server = await createPlayedServer(hangMs);
    try {
      const startedAt = performance.now();
      const client = await startClient({ words: words.map((word) => filled(word, server.port)), cwd, env, maxOutputBytes });
      const kill = (): void => client.kill();
      signal?.addEventListener('abort', kill, { once: true });
      try {
        const run = await runTrial(trial, this.#trialSetting(connectedBy(client, server), hangMs), learnt, signal);
        const outcome = await client.ended(hangMs);
        signal?.throwIfAborted();
        return { outcome, run, durationMs: performance.now() - startedAt };
      } finally {
        signal?.removeEventListener('abort', kill);
        client.kill();
      }
    } finally {
      server.close();
    }
  }

  #trialSetting(connector: TrialSetting['connector'], hangMs: number): TrialSetting {
    const { exchange, pace, quietMs, trialTimeoutMs: trialMs, maxAnswerBytes, peerPid } = this.#settings;
    const limits = { hangMs, quietMs, trialMs, maxAnswerBytes };
    return { exchange, connector, pace, limits, isApart: this.#client.isApart, ...(peerPid === undefined ? {} : { peerPid }) };
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
