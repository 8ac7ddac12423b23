import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { optional } from '../../optional.ts';
import { excerptOf } from '../../report/model.ts';
import { findVariation, masksOf, whereAndAdvice } from '../../trial/variation.ts';
import { expectsOf, plainActions, sendsOf } from '../base/exchange.ts';
import { keyOf } from './answers.ts';
import { echoedIds } from './ids.ts';
import { MAX_ARRIVALS, MAX_ARRIVED_BYTES, openPeer } from './peer.ts';
import { play } from './play.ts';
import type { ControlSummary } from '../../report/model.ts';
import type { Mask } from '../../trial/masks.ts';
import type { Bytes } from '../../types.ts';
import type { DatagramSettings } from '../options.ts';
import type { Template } from './answers.ts';
import type { EchoedId } from './ids.ts';
import type { DatagramAddress, Peer } from './peer.ts';
import type { PlayRun, PlaySetting } from './play.ts';

/** The answers to the unharmed exchange. */
export interface DatagramControl {
  readonly due: readonly Template[];
  readonly slowestMs: number;
}

/** What the control showed, and with which masks. */
export interface DatagramControlResult {
  readonly summary: ControlSummary;
  readonly control?: DatagramControl;
  readonly masks: readonly Mask[];
}

/** How often the exchange is done before anything is harmed. */
const RUNS = 3;

interface ControlRun {
  readonly run: PlayRun;
  readonly isRefused: boolean;
  readonly lost: ReturnType<Peer['lost']>;
  readonly durationMs: number;
}

/** Does the exchange unharmed, three times, each from an address of its own, and learns its answers. */
export async function runDatagramControl(
  address: DatagramAddress,
  setting: PlaySetting,
  { isAutoMasked, signal }: { readonly isAutoMasked: boolean; readonly signal: AbortSignal | undefined },
): Promise<DatagramControlResult> {
  const runs: ControlRun[] = [];
  for (let number = 0; number < RUNS; number++) {
    runs.push(await runOnce(address, setting, signal));
    const fault = faultOf(setting, runs.at(-1)!, number);
    if (fault !== undefined) {
      const detail = `${fault}${runs.at(-1)!.isRefused ? '' : await elsewhere(address, setting)}`;
      return { summary: { ...summaryOf(runs), kind: 'failed', detail }, masks: setting.masks };
    }
  }
  return learn(runs, setting.masks, isAutoMasked);
}

async function runOnce(address: DatagramAddress, setting: PlaySetting, signal: AbortSignal | undefined): Promise<ControlRun> {
  const peer = await openPeer(address);
  const startedAt = performance.now();
  try {
    const run = await play(peer, plainActions(setting.exchange), setting, { signal });
    return { run, isRefused: peer.refusedAt !== undefined, lost: peer.lost(), durationMs: performance.now() - startedAt };
  } finally {
    peer.close();
  }
}

/** Whether the exchange is taken: its system does not say that nobody listens. */
export async function isListening(
  address: DatagramAddress,
  {
    controlTimeoutMs: hangMs,
    quietMs,
    ...rest
  }: Pick<DatagramSettings, 'exchange' | 'id' | 'masks' | 'controlTimeoutMs' | 'quietMs' | 'signal'>,
): Promise<boolean> {
  const { isRefused } = await runOnce(address, { ...rest, due: [], limits: { hangMs, quietMs } }, rest.signal);
  return !isRefused;
}

function faultOf({ exchange, limits }: PlaySetting, { run, isRefused, lost }: ControlRun, number: number): string | undefined {
  const prefix = `run ${number + 1} of the unharmed exchange: `;
  if (isRefused) return `${prefix}nobody listens there: its system answers that the port is unreachable`;
  const uncounted = lostDetail(lost);
  if (uncounted !== undefined) return `${prefix}${uncounted}`;
  const unanswered = expectsOf(exchange).findIndex(
    ({ expect }, index) => expect.kind === 'control' && !run.answers.some((answer) => answer.wait === index),
  );
  if (unanswered >= 0) return `${prefix}no answer ${unanswered} came within ${limits.hangMs} ms`;
  if (run.fault !== undefined) return `${prefix}${run.fault}`;
  return run.answers.length === 0 ? `${prefix}no answer came` : undefined;
}

/** Answers of which some are lost on this side cannot be compared with those of a trial. */
function lostDetail({ beyondLimits, dropped }: ControlRun['lost']): string | undefined {
  if (beyondLimits > 0)
    return `more than ${MAX_ARRIVALS} datagrams or ${MAX_ARRIVED_BYTES} bytes came, and no more of one exchange are compared: ask for less`;
  if (dropped === 0) return undefined;
  return `${dropped} datagrams found no room in the receive buffer of this system, and are no fault of the server: raise net.core.rmem_max`;
}

/** Whether answers come from another address than the one that was asked. */
async function elsewhere({ host, port }: DatagramAddress, { exchange, limits }: PlaySetting): Promise<string> {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  let from: string | undefined;
  socket.on('message', (_, { address, port: other }) => {
    if (address !== host || other !== port) from ??= `${address} port ${other}`;
  });
  socket.on('error', () => undefined);
  socket.send(sendsOf(exchange)[0]!.send, port, host);
  await wait(limits.quietMs);
  socket.close();
  return from === undefined ? '' : `; an answer came from ${from}, which was not asked: clients drop it`;
}

function summaryOf(runs: readonly ControlRun[]): Omit<ControlSummary, 'kind'> {
  const answers = runs[0]?.run.answers ?? [];
  return {
    runs: runs.length,
    durationMs: Math.max(...runs.map(({ durationMs }) => durationMs)),
    answers: answers.map(({ arrival }) => excerptOf(arrival.bytes)),
  };
}

/** The answers of one wait of one run, in an order that does not depend on the network. */
function sorted({ answers }: PlayRun, waitNumber: number): readonly Bytes[] {
  const own = answers.filter((answer) => answer.wait === waitNumber).map(({ arrival }) => arrival.bytes);
  return own.toSorted((left, right) => left.length - right.length);
}

function learn(runs: readonly ControlRun[], given: readonly Mask[], isAutoMasked: boolean): DatagramControlResult {
  const summary = summaryOf(runs);
  const played = runs.map(({ run }) => run);
  const waits = 1 + Math.max(...played.flatMap(({ answers }) => answers.map((answer) => answer.wait)));
  const numbers = Array.from({ length: waits }, (_, number) => number);
  const uneven = numbers.find((number) => new Set(played.map((run) => sorted(run, number).length)).size > 1);
  if (uneven !== undefined) {
    const counts = played.map((run) => sorted(run, uneven).length).join(', ');
    return { summary: { ...summary, kind: 'flaky', detail: `the runs have ${counts} datagrams in answer ${uneven}` }, masks: given };
  }
  const places = numbers.flatMap((number) => sorted(played[0]!, number).map((_, index) => ({ number, index })));
  const shapes = new Map<string, readonly EchoedId[]>();
  const echoed = places.map(({ number, index }) => {
    const found = echoedIds(played.map((run) => ({ answer: sorted(run, number)[index]!, ids: firstIds(run) })));
    // Equal lists are one: answers are looked up by it.
    const shape = JSON.stringify(found);
    shapes.set(shape, shapes.get(shape) ?? found);
    return shapes.get(shape)!;
  });
  const answersOf = (run: PlayRun): readonly Bytes[] =>
    places.map(({ number, index }, place) => {
      const key = keyOf(sorted(run, number)[index]!, echoed[place]!, run.values.slots, []);
      return new Uint8Array(Buffer.from(key, 'latin1'));
    });
  const variation = findVariation(played.map(answersOf), given);
  const found = isAutoMasked && variation !== undefined ? masksOf(variation) : undefined;
  if (variation !== undefined && found === undefined) {
    return { summary: { ...summary, kind: 'flaky', detail: `the runs differ: ${whereAndAdvice(variation)}` }, masks: given };
  }
  const masks = [...given, ...(found ?? [])];
  const said =
    found === undefined ? undefined : `what differs unharmed is masked: ${(variation?.ignored ?? variation?.masks ?? []).join('  ')}`;
  const due = places.map(({ number, index }, place): Template => {
    const raw = sorted(played[0]!, number)[index]!;
    return { wait: number, raw, echoed: echoed[place]!, key: keyOf(raw, echoed[place]!, played[0]!.values.slots, masks) };
  });
  const slowestMs = Math.max(...played.map((run) => run.slowestMs));
  return { summary: { ...summary, kind: 'ok', ...optional('detail', said) }, control: { due, slowestMs }, masks };
}

function firstIds({ values }: PlayRun): ReadonlyMap<number, Bytes> {
  return new Map([...values.ids].map(([send, [first]]) => [send, first!]));
}
