import tlsRecords from '@socklab/framing/layouts/tls-records.json' with { type: 'json' };
import { ProbeError } from '../errors.ts';
import { framesOf } from '../exchange/frames.ts';
import { optional } from '../optional.ts';
import { createPatience, lookEach } from '../patience.ts';
import { cutsOf } from '../plans/base/segmentation.ts';
import { controlTrial } from '../plans/base/steps.ts';
import { createWire } from '../transports/wire.ts';
import { playTrial } from './trial.ts';
import type { Wire } from '../transports/wire.ts';
import type { Bytes, Ending, Exchange, Observation, Trial } from '../types.ts';
import type { Learnt, TrialSetting } from './trial.ts';

const TLS_RECORDS = JSON.stringify(tlsRecords);
const HEADER_BYTES = 5;

/**
 * What goes over the wire when an exchange is done by TLS, as one send: the records of the client from its ClientHello to its last request.
 * What is in them differs each time, and is zeros here.
 *
 * @throws ProbeError `PROBE_ERR_CONNECT` when there is no connection.
 */
export async function wireExchange(setting: TrialSetting, learnt: Learnt, signal: AbortSignal | undefined): Promise<Exchange> {
  const { wire } = await playWire([], undefined, { setting, learnt, signal });
  const send = Uint8Array.from(wire.sent());
  const records = framesOf(send, TLS_RECORDS);
  for (const { start, end } of records) send.fill(0, start + HEADER_BYTES, end);
  const name = setting.exchange.name === undefined ? 'the bytes of TLS' : `the bytes of TLS below ${setting.exchange.name}`;
  const steps = [{ send, frames: records, glue: false }, { expect: { kind: 'control' } }] as const;
  return { name, framing: TLS_RECORDS, steps };
}

/** Does a trial of {@link wireExchange}: the exchange is done uncut, and the bytes of TLS that carry it are cut. */
export async function runWireTrial(
  { steps }: Trial,
  setting: TrialSetting,
  learnt: Learnt,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const burst = steps.find((step) => step.kind === 'burst');
  const cuts = burst === undefined ? [] : cutsOf(burst);
  const { wire, observation } = await playWire(cuts, burst?.pauseMs, { setting, learnt, signal });
  const isWhole = wire.pieces.length === cuts.length && wire.pieces.every(({ confirmed }) => confirmed);
  return { ...observation, pieces: wire.pieces, confirmed: isWhole };
}

interface Surroundings {
  readonly setting: TrialSetting;
  readonly learnt: Learnt;
  readonly signal: AbortSignal | undefined;
}

async function playWire(
  cuts: readonly number[],
  pauseMs: number | undefined,
  { setting, learnt, signal }: Surroundings,
): Promise<{ readonly wire: Wire; readonly observation: Observation }> {
  const { pace, peerPid } = setting;
  const { tls } = setting.connector;
  if (tls === undefined) throw new ProbeError('PROBE_ERR_DELIVERY', 'there is no TLS to cut below: the target is spoken to plainly');
  const wire = createWire(await tls.connect(signal), { cuts, pace, pauseMs, signal, ...optional('peerPid', peerPid) });
  const startedAt = performance.now();
  const stalled = stallOf(wire, setting.limits.hangMs, signal);
  try {
    const socket = await tls.secure(wire.stream, stalled.signal, setting.limits.trialMs);
    stalled.clear();
    socket.once('prefinish', () => wire.stop());
    const { observation } = await playTrial(socket, { trial: controlTrial(setting.exchange), setting, learnt, signal });
    return { wire, observation };
  } catch (error) {
    const ended =
      error === STALLED ? 'timeout' : error instanceof ProbeError && error.code === 'PROBE_ERR_CONNECT' ? endingOf(error) : undefined;
    if (ended === undefined) throw error;
    const none: readonly Bytes[] = [];
    const durationMs = performance.now() - startedAt;
    // Time that was up while bytes still moved says nothing.
    const isCutShort = ended === 'timeout' && error !== STALLED;
    return { wire, observation: { received: none, ended, durationMs, confirmed: false, pieces: [], cutShort: isCutShort } };
  } finally {
    stalled.clear();
    wire.stream.destroy();
  }
}

const STALLED = Symbol('stalled');

/** Aborts a handshake in which nothing moves for so long: one with many pieces takes its time. */
function stallOf(wire: Wire, hangMs: number, outer: AbortSignal | undefined): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer?.reason);
  outer?.addEventListener('abort', abort, { once: true });
  const patience = createPatience(hangMs);
  let { changedAt } = wire;
  const timer = lookEach(hangMs, (now) => {
    if (wire.changedAt !== changedAt) patience.renew(({ changedAt } = wire).changedAt);
    if (patience.isOver(now)) controller.abort(STALLED);
  });
  return {
    signal: controller.signal,
    clear() {
      clearInterval(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

/** How a handshake that came to nothing ended. */
function endingOf({ cause, message }: ProbeError): Ending {
  if (cause !== undefined) return 'reset';
  return message.includes('not ready after') ? 'timeout' : 'fin';
}
