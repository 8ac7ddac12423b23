import { setTimeout as wait } from 'node:timers/promises';
import { framingOf } from '@socklab/framing';
import { LabError, untilQueued, createLab } from '@socklab/lab';
import { printable } from '@socklab/service';
import { openLoopbackPair } from './loopback-pair.ts';
import { Reader } from './reader.ts';
import { MAX_LISTED_MESSAGES } from './result.ts';
import { describeSide } from './rows.ts';
import { sendPlan } from './send-plan.ts';
import { TIME_LIMIT_MS } from './settings.ts';
import { judge, SHOWN_MESSAGE_BYTES } from './verdict.ts';
import type { RunPlan } from './plan-run.ts';
import type { Plan } from './plan.ts';
import type { PlaygroundEvent, PlaygroundResult, PlaygroundSide } from './result.ts';
import type { PlaygroundSettings } from './settings.ts';
import type { Arrival, Lab } from '@socklab/lab';
import type { Recorder } from '@socklab/lab';

/** Options of {@link runPlayground}. */
export interface PlaygroundRunOptions {
  /** Ends the run early. */
  readonly signal: AbortSignal;
  readonly emit?: (event: PlaygroundEvent) => void;
  /** @defaultValue 30_000 */
  readonly timeLimitMs?: number;
}

interface Side {
  readonly id: number;
  readonly framing: string;
  readonly plan: Plan;
}

/**
 * Sends the messages over two loopback connections, one after the other: without framing, then framed.
 *
 * @throws LabError `LAB_ERR_TIME_LIMIT`, and the signal's reason once it aborts. Nothing is left open.
 */
export async function runPlayground(
  settings: PlaygroundSettings,
  { raw, framed }: RunPlan,
  { signal, emit = () => undefined, timeLimitMs = TIME_LIMIT_MS }: PlaygroundRunOptions,
): Promise<PlaygroundResult> {
  const startedAt = new Date().toISOString();
  const begun = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(tooLong(timeLimitMs)), timeLimitMs);
  const either = AbortSignal.any([signal, limit.signal]);
  const runOne = (side: Side): Promise<PlaygroundSide> => {
    emit({ type: 'side', framing: side.framing });
    return runSide(side, settings, either);
  };
  try {
    const sides = {
      raw: await runOne({ id: 1, framing: 'raw', plan: raw }),
      framed: await runOne({ id: 2, framing: framingOf(settings.framing).name, plan: framed }),
    };
    return { settings, startedAt, durationMs: Math.round(performance.now() - begun), ...sides };
  } finally {
    clearTimeout(timer);
  }
}

async function runSide({ id, framing, plan }: Side, settings: PlaygroundSettings, signal: AbortSignal): Promise<PlaygroundSide> {
  signal.throwIfAborted();
  // A lab for each, so that the time of each picture starts with its connection.
  const lab = createLab(signal);
  // Closing a socket ends every wait for it.
  const callOff = (): void => void lab.close();
  signal.addEventListener('abort', callOff, { once: true });
  try {
    const { recorder, recorded } = converseIn(lab, framing);
    const begun = performance.now();
    const reader = new Reader({ codec: plan.codec, readGapMs: settings.readGapMs, recorder });
    const arrival = await exchange(lab, plan, settings, { reader, recorder });
    const durationMs = performance.now() - begun;
    const flow = { ...recorded(), id };
    return {
      framing,
      verdict: judge(plan.sent, reader.received, framing !== 'raw'),
      received: reader.received.slice(0, MAX_LISTED_MESSAGES).map((message) => printable(message, SHOWN_MESSAGE_BYTES)),
      rows: describeSide(plan, { readSizes: reader.readSizes, arrival, settings, durationMs, flow }),
      flow,
    };
  } catch (error) {
    // Closing the sockets makes a run fail in many ways; the real reason is the cancellation.
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', callOff);
    await lab.close();
  }
}

function converseIn(
  lab: ReturnType<typeof createLab>,
  framing: string,
): { readonly recorder: Recorder; readonly recorded: () => PlaygroundSide['flow'] } {
  const recorder = lab.converse({ label: { en: framing, zh: framing }, transport: 'tcp' });
  return { recorder, recorded: () => lab.recorded().flows[0]! };
}

interface Ends {
  readonly reader: Reader;
  readonly recorder: Recorder;
}

/** Writes and reads everything. @returns how it was verified that everything had arrived before the first read, if that was awaited. */
async function exchange(lab: Lab, plan: Plan, settings: PlaygroundSettings, { reader, recorder }: Ends): Promise<Arrival | undefined> {
  const { noDelay, readBytes, firstRead, firstReadMs } = settings;
  const { signal } = lab;
  const pair = await openLoopbackPair(lab, { noDelay, readBytes, onRead: (chunk) => reader.took(chunk) });
  reader.attach(pair.receiving);
  if (firstRead === 'at-once') reader.start();
  const delayed = firstRead === 'delayed' ? wait(firstReadMs, undefined, { signal }).then(() => reader.start()) : undefined;
  const sent = sendPlan(plan, settings, { socket: pair.sending, reader, recorder, signal });
  // A failed receiver is the reason why later writes fail.
  await Promise.race([Promise.all([sent, delayed]), reader.finished]);
  const arrival = firstRead === 'queued' ? await untilQueued(pair.ports, plan.wire.length, signal) : undefined;
  if (firstRead === 'queued') reader.start();
  await reader.hasRead(plan.wire.length);
  await pair.segments.tell(recorder, pair.ports.localPort);
  recorder.end('sender');
  pair.sending.end();
  await reader.finished;
  return arrival;
}

function tooLong(timeLimitMs: number): LabError {
  return new LabError('LAB_ERR_TIME_LIMIT', `the run did not end within ${timeLimitMs} ms`, { zh: `运行没有在 ${timeLimitMs} 毫秒内结束` });
}
