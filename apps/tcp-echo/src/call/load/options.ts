import { checkDescriptors, checkRange, checkRate, refuseLoad } from '@socklab/client';
import { codecByName, framingOf } from '@socklab/framing';
import type { LoadProgress } from './progress.ts';
import type { SizeRange, TlsClient } from '@socklab/client';
import type { ByteCodec, FramingEntry } from '@socklab/framing';
import type { ConnectTarget } from '@socklab/service';

/** Options of a load. */
export interface LoadOptions {
  readonly target: ConnectTarget;
  /** Concurrent connections, 1 to 10,000. @defaultValue 1 */
  readonly connections?: number;
  /** Total number of messages, over all connections. Either this or `durationMs`. */
  readonly messages?: number | undefined;
  /** How long messages are sent, in milliseconds; messages in flight at the end are still awaited. Either this or `messages`. */
  readonly durationMs?: number | undefined;
  /** Payload sizes, in bytes. Ignored where payloads are whole frames of a protocol. @defaultValue 64 */
  readonly sizes?: SizeRange;
  /** Messages in flight on one connection, 1 to 65,536. @defaultValue 1 */
  readonly depth?: number;
  /** Messages per second, over all connections, whether earlier ones were answered or not. @defaultValue as windows open */
  readonly ratePerSecond?: number | undefined;
  /** A name from the registry of `@socklab/framing`. @defaultValue 'raw' */
  readonly framing?: string;
  /** Longest payload of a frame, in bytes. Ignored for `raw`. @defaultValue 65_536 */
  readonly maxFrameBytes?: number;
  /** Timeout of connecting, and of waiting for an answer, in milliseconds. @defaultValue 5_000 */
  readonly timeoutMs?: number;
  readonly tls?: TlsClient | undefined;
  /** Seed of the payloads: the same seed gives the same bytes. @defaultValue 1 */
  readonly seed?: number;
  /** Stops the load early: nothing more is sent, messages in flight are awaited, and the report is made. */
  readonly signal?: AbortSignal;
  /** Called with the progress, at most five times a second. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** {@link LoadOptions} with all defaults. */
export interface LoadPlan extends Required<Omit<LoadOptions, 'signal' | 'onProgress' | 'framing' | 'maxFrameBytes'>> {
  readonly framing: FramingEntry;
  readonly codec: ByteCodec;
}

/** Most connections of one load. */
export const MAX_CONNECTIONS = 10_000;

/** Most messages in flight on one connection. */
export const MAX_DEPTH = 65_536;

/** Most bytes of the messages of one full window. The messages are in memory once, however many connections send them. */
const MAX_WINDOW_BYTES = 64 * 1024 * 1024;

/** Most messages in flight on all connections: for each its due time is kept, in 8 bytes. */
const MAX_IN_FLIGHT = 4_194_304;

/**
 * Applies the defaults and refuses what cannot be done.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE`: what was given and what is allowed.
 */
export function planLoad(options: LoadOptions): LoadPlan {
  const { connections = 1, depth = 1, sizes = { min: 64, max: 64 }, messages, durationMs, seed = 1 } = options;
  const { framing: name = 'raw', maxFrameBytes = 65_536, timeoutMs = 5000, tls, ratePerSecond, target } = options;
  const framing = framingFor(name);
  if ((messages === undefined) === (durationMs === undefined)) throw refuseLoad('a load needs an end: give either messages or a duration');
  checkRange('connections', connections, 1, MAX_CONNECTIONS);
  checkRange('depth', depth, 1, MAX_DEPTH);
  checkRange('seed', seed, 0, 0xffff_ffff);
  checkRange('timeout in milliseconds', timeoutMs, 1, 2 ** 31 - 1);
  if (ratePerSecond !== undefined) checkRate('messages', ratePerSecond);
  if (messages !== undefined) checkRange('messages', messages, 1, Number.MAX_SAFE_INTEGER);
  if (durationMs !== undefined) checkRange('duration in milliseconds', durationMs, 1, 2 ** 31 - 1);
  checkSizes(sizes, depth, connections);
  const codec = codecByName(name, framing.keepsBoundaries ? { maxPayloadBytes: maxFrameBytes } : {});
  if (framing.keepsBoundaries && framing.exampleFrames === undefined && sizes.max > codec.maxPayloadBytes) {
    throw refuseLoad(
      `payloads of ${sizes.max} bytes: --framing ${framing.name} with --max-frame ${maxFrameBytes} carries at most ${codec.maxPayloadBytes}`,
    );
  }
  checkDescriptors('connections', connections);
  return { target, connections, messages, durationMs, sizes, depth, ratePerSecond, timeoutMs, tls, seed, framing, codec };
}

function framingFor(text: string): FramingEntry {
  try {
    return framingOf(text);
  } catch (error) {
    if (error instanceof RangeError) throw refuseLoad(error.message);
    throw error;
  }
}

function checkSizes({ min, max }: SizeRange, depth: number, connections: number): void {
  checkRange('size', min, 1, MAX_WINDOW_BYTES);
  checkRange('size', max, min, MAX_WINDOW_BYTES);
  if (depth * max > MAX_WINDOW_BYTES) {
    throw refuseLoad(`depth ${depth} times size ${max} is ${depth * max} bytes; allowed: ${MAX_WINDOW_BYTES} (64MiB)`);
  }
  if (connections * depth > MAX_IN_FLIGHT) {
    throw refuseLoad(
      `${connections} connections times depth ${depth} is ${connections * depth} messages in flight; allowed: ${MAX_IN_FLIGHT}`,
    );
  }
}
