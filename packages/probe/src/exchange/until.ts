import { ProbeError } from '../errors.ts';
import { framingCodec } from './frames.ts';
import { MAX_SEND_BYTES } from './limits.ts';
import type { Until } from '../types.ts';

const MAX_IDLE_MS = 60_000;
const MAX_FRAMES = 1_000_000;

/**
 * Parses what ends an answer: `bytes:N`, `frames:N`, `unordered:N` (frames in any order), `idle:200ms` (or `2s`), `close`, or
 * `control`.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE`, also when frames are counted and no framing is given.
 */
export function parseUntil(text: string, framing?: string): Until {
  if (text === 'close' || text === 'control') return { kind: text };
  const match = /^(?:(?<unit>bytes|frames|unordered):(?<count>\d{1,9})|idle:(?<time>\d{1,6})(?<scale>ms|s))$/.exec(text)?.groups;
  const { unit, count, time, scale } = match ?? {};
  if (time !== undefined) return { kind: 'idle', ms: checked(text, Number(time) * (scale === 's' ? 1000 : 1), MAX_IDLE_MS, 'ms') };
  if (unit === 'bytes') return { kind: 'bytes', count: checked(text, Number(count), MAX_SEND_BYTES, 'bytes') };
  if (unit === 'frames' || unit === 'unordered')
    return frames(text, checked(text, Number(count), MAX_FRAMES, 'frames'), framing, unit === 'unordered');
  throw wrong(`an answer ends at bytes:N, frames:N, unordered:N, idle:200ms, close or control, received ${JSON.stringify(text)}`);
}

function frames(text: string, count: number, framing: string | undefined, isUnordered: boolean): Until {
  if (framing === undefined) throw wrong(`${text} needs to know what a frame is: give the framing, as in --framing u32be`);
  framingCodec(framing);
  return { kind: 'frames', count, framing, ...(isUnordered ? { isUnordered } : {}) };
}

function checked(text: string, count: number, max: number, unit: string): number {
  if (count >= 1 && count <= max) return count;
  throw wrong(`${text}: 1 to ${max} ${unit} are allowed`);
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_EXCHANGE', what);
}
