import { concatBytes } from '../bytes/concat-bytes.ts';
import { deliver, untilPeerRead } from '../delivery/deliver.ts';
import { DEFAULT_DRAIN_TIMEOUT_MS, isSeeing } from '../delivery/pace.ts';
import { optional } from '../optional.ts';
import { createAnswerReader } from '../transports/answer-reader.ts';
import { untilAnswered } from '../transports/answer-wait.ts';
import { createConnectionSlots } from './connection-slots.ts';
import { goalOf } from './goal.ts';
import { isInterleaved, playInterleaved } from './interleaved.ts';
import type { Pace, SeeingPace } from '../delivery/pace.ts';
import type { ReadState } from '../kernel/queue-poller.ts';
import type { AnswerReader } from '../transports/answer-reader.ts';
import type { Goal, WaitResult } from '../transports/answer-wait.ts';
import type { Connector } from '../transports/connector.ts';
import type { Await, Burst, Bytes, Ending, Exchange, Observation, PieceObservation, Trial } from '../types.ts';
import type { ConnectionSlots } from './connection-slots.ts';
import type { Socket } from 'node:net';

/** Limits of one trial. */
export interface TrialLimits {
  /** Timeout of one answer, in milliseconds: after that it hangs. It begins anew when it is seen that the peer read the request only then. */
  readonly hangMs: number;
  /** Silence after which an answer of unknown length counts as complete, in milliseconds. */
  readonly quietMs: number;
  /** Longest time for all of a trial, in milliseconds. */
  readonly trialMs: number;
  /** Most bytes of answers that are kept. */
  readonly maxAnswerBytes: number;
}

/** What all trials of a campaign share. */
export interface TrialSetting {
  readonly exchange: Exchange;
  readonly connector: Connector;
  readonly pace: Pace;
  readonly limits: TrialLimits;
  /** A process in the peer's network namespace, when that is not ours. */
  readonly peerPid?: number;
  /** Frames that the peer sends by itself. */
  readonly ignored?: readonly RegExp[];
  /** For a control of many rounds: the length of each answer in one round, undefined where it is not known. */
  readonly onceBytes?: readonly (number | undefined)[];
  /** Whether the peer reads each send before the next, also where no answer is awaited between them. @defaultValue false */
  readonly isApart?: boolean;
}

/** What was learnt about the answers from controls. */
export interface Learnt {
  /** The length of each answer; undefined where it differs from run to run. */
  readonly answerBytes: readonly (number | undefined)[];
  readonly ended: Ending;
  /** Whether the peer ends its side soon after we ended ours. */
  readonly isEndAnswered: boolean;
}

/** The observation, and values that only the control needs. */
export interface TrialRun {
  readonly observation: Observation;
  /** The length of each answer at the end of its wait. */
  readonly answerBytes: readonly number[];
  /** The slowest complete answer, in milliseconds. */
  readonly slowestAnswerMs: number;
  readonly isEndAnswered: boolean;
  /** What the other connection came to, where two alternate. */
  readonly other?: TrialRun;
}

// How long the peer's end is awaited after ours: a peer that reacts does so at once, others cost each trial this time.
const LEARNING_GRACE_MS = 250;
const ANSWERED_GRACE_MS = 1_000;
const UNANSWERED_GRACE_MS = 20;

/**
 * Runs one trial on its own connection: sends the bursts, waits for the answers, ends and closes. Without `learnt`
 * it is a control, which finds out by itself when answers are complete.
 *
 * @throws ProbeError `PROBE_ERR_CONNECT` when there is no connection, the signal's reason once it aborts.
 */
export async function runTrial(trial: Trial, setting: TrialSetting, learnt?: Learnt, signal?: AbortSignal): Promise<TrialRun> {
  const socket = await setting.connector.connect(signal);
  if (!isInterleaved(trial)) return playTrial(socket, { trial, setting, learnt, signal });
  // It waits meanwhile, and may break.
  socket.on('error', () => {});
  const second = await setting.connector.connect(signal).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
  second.on('error', () => {});
  const [run, other] = await playInterleaved(
    (between) => playTrial(socket, { trial, setting, learnt, signal, between }),
    (between) => playTrial(second, { trial, setting, learnt, signal, between }),
  );
  return { ...run, other };
}

/** What one connection of a trial is played with. */
interface Play {
  readonly trial: Trial;
  readonly setting: TrialSetting;
  readonly learnt: Learnt | undefined;
  readonly signal: AbortSignal | undefined;
  /** Awaited behind the first piece of what is interleaved. */
  readonly between?: () => Promise<void>;
}

/** Plays a trial on a connection that is ready, and closes it. */
export async function playTrial(socket: Socket, { signal, ...what }: Play): Promise<TrialRun> {
  const deadline = createDeadline(what.setting.limits.trialMs, signal);
  try {
    return await new TrialConnection(socket, what, deadline.signal).run();
  } finally {
    deadline.clear();
    socket.destroy();
  }
}

/** How many times its time for an answer a peer has for reading the request. */
const UNREAD_HANGS = 2;
/** By then it is known whether a peer had read before, in milliseconds. */
const LOOK_MS = 50;

const OUT_OF_TIME = Symbol('out of time');

interface Deadline {
  readonly signal: AbortSignal;
  clear(): void;
}

function createDeadline(timeoutMs: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer?.reason);
  const timer = setTimeout(() => controller.abort(OUT_OF_TIME), timeoutMs);
  outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

class TrialConnection {
  readonly #trial: Trial;
  readonly #setting: TrialSetting;
  readonly #learnt: Learnt | undefined;
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  readonly #reader: AnswerReader;
  readonly #startedAt: number = performance.now();
  readonly #received: Bytes[] = [];
  readonly #answerBytes: number[] = [];
  readonly #pieces: PieceObservation[] = [];
  #isConfirmed = true;
  /** Whether pieces are being sent, and whether the peer reads them, as far as visible. */
  #sending: 'no' | 'read' | 'unread' = 'no';
  readonly #slots: ConnectionSlots;
  #isCutShort = false;
  #fault: string | undefined;
  /** Bytes of the answer that had arrived when the last piece was about to be sent. */
  #earlyBytes = 0;
  #isEarly = false;
  #slowestAnswerMs = 0;
  readonly #between: (() => Promise<void>) | undefined;

  constructor(socket: Socket, { trial, setting, learnt, between }: Omit<Play, 'signal'>, signal: AbortSignal) {
    this.#between = between;
    this.#trial = trial;
    this.#setting = setting;
    this.#learnt = learnt;
    this.#socket = socket;
    this.#signal = signal;
    this.#slots = createConnectionSlots(setting.exchange);
    this.#reader = createAnswerReader(socket, setting.limits.maxAnswerBytes);
  }

  async run(): Promise<TrialRun> {
    const ended = await this.#playInTime();
    // The silence by which a control recognises a complete answer does not count.
    const durationMs = (ended === 'timeout' ? performance.now() : this.#reader.changedAt) - this.#startedAt;
    const isEndAnswered = ended === 'open' ? await this.#close() : true;
    const observation: Observation = {
      received: this.#received.map((answer) => this.#slots.named(answer)),
      ended,
      durationMs,
      confirmed: this.#isConfirmed,
      pieces: this.#pieces,
      ...(this.#reader.isOverflowed ? { overflowed: true } : {}),
      ...(this.#isCutShort ? { cutShort: true } : {}),
      ...optional('fault', this.#fault),
      ...(this.#isEarly ? { early: true } : {}),
    };
    return { observation, answerBytes: this.#answerBytes, slowestAnswerMs: this.#slowestAnswerMs, isEndAnswered };
  }

  async #playInTime(): Promise<Ending> {
    try {
      return await this.#play();
    } catch (error) {
      if (error !== OUT_OF_TIME) throw error;
      this.#isConfirmed = false;
      this.#isCutShort = this.#sending === 'read';
      this.#received.push(this.#reader.take());
      return 'timeout';
    }
  }

  async #play(): Promise<Ending> {
    const last = this.#trial.steps.length - 1;
    for (const [index, step] of this.#trial.steps.entries()) {
      if (step.kind === 'burst') await this.#send(step);
      else if (!(await this.#receive(step, index === last))) return 'timeout';
      if (step.kind === 'await' && (this.#reader.state !== 'open' || this.#fault !== undefined)) break;
    }
    return this.#reader.state;
  }

  async #send(burst: Burst): Promise<void> {
    const { pace, peerPid, limits, isApart = false } = this.#setting;
    const isPaced = (burst.pieces.length > 1 || isApart) && isSeeing(pace);
    const readMs = isApart ? limits.hangMs : DEFAULT_DRAIN_TIMEOUT_MS;
    // Earlier bytes were answered, but perhaps not completely read.
    if (isPaced && this.#pieces.length > 0) await this.#untilRead(pace, pace.timeoutMs ?? readMs);
    const bytes = this.#slots.bytesOf(burst);
    const pieces = burst.pieces.map(({ start, end }) => bytes.subarray(start, end));
    const onPiece = ({ confirmed }: PieceObservation): void => {
      this.#sending = confirmed || !isSeeing(pace) ? 'read' : 'unread';
    };
    const onNext = (): void => {
      this.#earlyBytes = this.#reader.answerBytes;
    };
    this.#sending = 'read';
    const between = burst.isInterleaved === true ? this.#between : undefined;
    const options = { signal: this.#signal, ...optional('peerPid', peerPid), ...optional('pauseMs', burst.pauseMs) };
    const paced = { pace, onPiece, onNext, ...options, ...optional('between', between) };
    const observed = await deliver(this.#socket, pieces, paced);
    this.#sending = 'no';
    this.#pieces.push(...observed);
    const isWhole = observed.length === pieces.length && observed.slice(0, -1).every(({ confirmed }) => confirmed);
    this.#isConfirmed &&= isWhole;
    if (burst.end) this.#socket.end();
  }

  /** False when the answer hangs. */
  async #receive(wait: Await, isLast: boolean): Promise<boolean> {
    const { hangMs, quietMs } = this.#setting.limits;
    const learnt = this.#learnt;
    const startedAt = performance.now();
    const goal = { ...goalOf(this.#setting, wait, { learnt, isLast }), ...optional('ignored', this.#setting.ignored) };
    let result = await this.#untilAnswered(goal);
    this.#answerBytes.push(this.#reader.answerBytes);
    this.#isEarly ||= goal.kind === 'bytes' && goal.count > 0 && this.#earlyBytes >= goal.count;
    this.#earlyBytes = 0;
    this.#slowestAnswerMs = Math.max(this.#slowestAnswerMs, this.#reader.changedAt - startedAt);
    if (isLast && result === 'reached') {
      // Whether the peer ends by itself is part of the answer; a control finds it out.
      const quiet: Goal = { kind: 'quiet', ms: quietMs, mayBeEmpty: true };
      if (learnt === undefined && goal.kind !== 'quiet') await untilAnswered(this.#reader, quiet, hangMs, this.#signal);
      else if (learnt?.ended === 'fin') result = await untilAnswered(this.#reader, { kind: 'end' }, hangMs, this.#signal);
    }
    const answer = this.#reader.take();
    this.#fault = this.#slots.take(wait, answer);
    this.#received.push(answer);
    return result !== 'late';
  }

  /** The time of a peer that was given none of the processor begins once it has read the request. */
  async #untilAnswered(goal: Goal): Promise<WaitResult> {
    const { pace, limits } = this.#setting;
    const result = await untilAnswered(this.#reader, goal, limits.hangMs, this.#signal);
    if (result !== 'late' || !isSeeing(pace)) return result;
    const since = performance.now();
    const state = await this.#untilRead(pace, UNREAD_HANGS * limits.hangMs);
    if (state !== 'read') return result;
    const wasUnread = performance.now() - since > LOOK_MS;
    return untilAnswered(this.#reader, goal, wasUnread ? limits.hangMs : LOOK_MS, this.#signal);
  }

  #untilRead({ observer }: SeeingPace, timeoutMs: number): Promise<ReadState> {
    const { peerPid } = this.#setting;
    return untilPeerRead(this.#socket, timeoutMs, {
      signal: this.#signal,
      ...optional('peerPid', peerPid),
      ...optional('observer', observer),
    });
  }

  /** Ends our side and reads to the peer's end, so that surplus bytes are noticed and no reset is left behind. */
  async #close(): Promise<boolean> {
    const grace = this.#learnt === undefined ? LEARNING_GRACE_MS : this.#learnt.isEndAnswered ? ANSWERED_GRACE_MS : UNANSWERED_GRACE_MS;
    this.#socket.end();
    try {
      await untilAnswered(this.#reader, { kind: 'end' }, grace, this.#signal);
    } catch (error) {
      if (error !== OUT_OF_TIME) throw error;
    }
    const rest = this.#reader.take();
    const last = this.#received.length - 1;
    if (rest.length > 0 && last >= 0) this.#received[last] = concatBytes([this.#received[last] ?? rest.subarray(0, 0), rest]);
    return this.#reader.state === 'fin';
  }
}
