import type { ConnectionRecording, FlowUpdate } from './recorded.ts';

/** Of which connection a recording is. */
export interface RecordingOf {
  readonly target: string;
  readonly framing: string | null;
}

/** What a client sent before the first answer: a request for the probe. */
export interface FirstRequest {
  readonly hex: string;
}

interface Passed {
  readonly us: number;
  readonly line: Readonly<Record<string, unknown>>;
}

/**
 * The traffic of a connection as a recording for `sticky-lab probe --recording` and `probe-client`: JSON lines.
 *
 * @returns `undefined` when the recording is incomplete: with a gap it would be another exchange.
 */
export function recordingFile({ up, down }: ConnectionRecording, { target, framing }: RecordingOf): string | undefined {
  if (!isWhole(up) || !isWhole(down)) return undefined;
  const passed = [...passedOf(up, 'client'), ...passedOf(down, 'server')].toSorted((one, other) => one.us - other.us);
  const head = { socklab: 'recording', version: 1, target, ...(framing === null ? {} : { framing }) };
  return [head, ...passed.map(({ line }) => line)].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What the client sent before the first answer; `undefined` when that is nothing, or incomplete. */
export function firstRequest({ up, down }: ConnectionRecording): FirstRequest | undefined {
  const answeredUs = down.events.find(({ type }) => type === 'came')?.us ?? Number.POSITIVE_INFINITY;
  const asked = up.events.filter((event) => event.type === 'came' && event.us <= answeredUs);
  const last = asked.at(-1);
  if (last?.type !== 'came' || last.end * 2 > up.hex.length) return undefined;
  return { hex: up.hex.slice(0, last.end * 2) };
}

function passedOf({ events, hex }: FlowUpdate, from: 'client' | 'server'): readonly Passed[] {
  return events.flatMap((event): readonly Passed[] => {
    const { us, type } = event;
    const when = { ms: us / 1000, from };
    if (type === 'came') return [{ us, line: { ...when, hex: hex.slice(event.start * 2, event.end * 2) } }];
    return type === 'end' ? [{ us, line: { ...when, end: event.isReset ? 'reset' : 'fin' } }] : [];
  });
}

function isWhole({ hex, totalBytes, omittedEvents }: FlowUpdate): boolean {
  return omittedEvents === 0 && hex.length === totalBytes * 2;
}
