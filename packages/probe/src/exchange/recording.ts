/**
 * A recording of one connection, as JSON lines: a header, then the events in their order.
 *
 * ```
 * {"socklab":"recording","version":1,"target":"127.0.0.1:6379","framing":"line"}
 * {"ms":0,"from":"client","hex":"50494e470d0a"}
 * {"ms":0.8,"from":"server","hex":"2b504f4e470d0a"}
 * {"ms":1.9,"from":"client","end":"fin"}
 * ```
 */

import { concatBytes } from '../bytes/concat-bytes.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { ProbeError } from '../errors.ts';
import { checkShape, isHex, isNumber, isObject, isOneOf, isText, maybe, ShapeError } from '../json-shape.ts';
import { createExchange } from './create.ts';
import { MAX_FILE_BYTES, MAX_LINE_CHARS } from './limits.ts';
import type { Shape } from '../json-shape.ts';
import type { Bytes, Exchange, Until } from '../types.ts';
import type { StepInput } from './create.ts';
import type { InferOutput } from 'valibot';

/** The sender of an event. */
export type Side = 'client' | 'server';

/** One event: bytes of one read, or the end of one side. */
export interface RecordedEvent {
  /** Milliseconds since the connection was accepted. */
  readonly ms: number;
  readonly from: Side;
  readonly bytes?: Bytes;
  readonly end?: 'fin' | 'reset';
}

export interface RecordingHead {
  readonly target?: string;
  readonly framing?: string;
  readonly name?: string;
}

export interface Recording extends RecordingHead {
  readonly events: readonly RecordedEvent[];
}

/** Most events of one recording. */
const MAX_EVENTS = 1_000_000;

const VERSION = 1;
const headShape = isObject({
  socklab: isOneOf('recording'),
  version: isOneOf(VERSION),
  name: maybe(isText),
  target: maybe(isText),
  framing: maybe(isText),
});
const eventShape = isObject({ ms: isNumber(), from: isOneOf('client', 'server'), hex: maybe(isHex), end: maybe(isOneOf('fin', 'reset')) });

/** The first line of a recording, with its newline. */
export function recordingHead(head: RecordingHead): string {
  return `${JSON.stringify(checkShape(headShape, { socklab: 'recording', version: VERSION, ...head }))}\n`;
}

/** One line of a recording, with its newline. */
export function recordingLine({ ms, from, bytes, end }: RecordedEvent): string {
  const line = { ms, from, ...(bytes === undefined ? {} : { hex: toHex(bytes) }), ...(end === undefined ? {} : { end }) };
  return `${JSON.stringify(line)}\n`;
}

/**
 * Parses a recording. An incomplete last line is ignored, as a killed recorder leaves one behind.
 *
 * @throws ProbeError `PROBE_ERR_RECORDING` naming the invalid line.
 */
export function readRecording(text: string): Recording {
  if (text.length > MAX_FILE_BYTES) throw wrong(`${text.length} characters, limit ${MAX_FILE_BYTES}`);
  const lines = text.split('\n');
  const torn = lines.pop();
  const [first] = lines;
  if (first === undefined) throw wrong(torn === '' ? 'it is empty' : 'its first line is not finished');
  if (lines.length > MAX_EVENTS) throw wrong(`${lines.length} lines, limit ${MAX_EVENTS}`);
  const { name, target, framing } = readLine(first, 1, headShape);
  const events = lines.slice(1).map((line, index) => toEvent(readLine(line, index + 2, eventShape)));
  return {
    ...(name === undefined ? {} : { name }),
    ...(target === undefined ? {} : { target }),
    ...(framing === undefined ? {} : { framing }),
    events,
  };
}

function readLine<Line>(line: string, number: number, shape: Shape<Line>): Line {
  if (line.length > MAX_LINE_CHARS) throw wrong(`line ${number} has ${line.length} characters, limit ${MAX_LINE_CHARS}`);
  try {
    return checkShape(shape, JSON.parse(line));
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof SyntaxError)) throw error;
    throw new ProbeError('PROBE_ERR_RECORDING', `not a recording: line ${number}: ${error.message}`, { cause: error });
  }
}

function toEvent({ ms, from, hex, end }: InferOutput<typeof eventShape>): RecordedEvent {
  return { ms, from, ...(hex === undefined ? {} : { bytes: fromHex(hex) }), ...(end === undefined ? {} : { end }) };
}

/** Which side of a recording is sent again, and how. */
export interface PlayedSide {
  /** @defaultValue `client` */
  readonly sender?: Side;
  /** @defaultValue that of the recording */
  readonly framing?: string;
  /** Whether writes that follow each other stay sends of their own. @defaultValue false: they are one send */
  readonly isApart?: boolean;
}

/**
 * The exchange of one side of a recording: its bytes are sent, bytes of the other side are awaited. What one side sent without the other
 * in between is one send or one answer, whatever its chunks. The sender's end belongs to its last bytes when no answer came in between,
 * and is left out when it came alone.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE` when the sender sent nothing.
 */
export function exchangeOf(
  recording: Recording,
  { sender = 'client', framing = recording.framing, isApart = false }: PlayedSide = {},
): Exchange {
  const { name } = recording;
  const steps = playedTurns(recording.events, sender, isApart).map((turn): StepInput => {
    if (turn.from === sender) return { send: turn.bytes, ...(turn.isEnded ? { end: true } : {}) };
    return { expect: untilOfTurn(turn) };
  });
  return createExchange({ ...(name === undefined ? {} : { name }), ...(framing === undefined ? {} : { framing }), steps, isLiteral: true });
}

/** The turns up to the sender's end: an end without bytes is not part of the request. */
function playedTurns(events: readonly RecordedEvent[], sender: Side, isApart: boolean): readonly Turn[] {
  const turns = turnsOf(events, isApart ? sender : undefined);
  const goodbye = turns.findIndex(({ from, bytes }) => from === sender && bytes.length === 0);
  return goodbye < 0 ? turns : turns.slice(0, goodbye);
}

/** What one side sent before the other did. */
interface Turn {
  readonly from: Side;
  readonly bytes: Bytes;
  readonly isEnded: boolean;
}

function untilOfTurn({ bytes, isEnded }: Turn): Until {
  return isEnded || bytes.length === 0 ? { kind: 'close' } : { kind: 'control' };
}

/** Each write of the side `apart` is a turn of its own. */
function turnsOf(events: readonly RecordedEvent[], apart: Side | undefined): readonly Turn[] {
  const turns: { from: Side; chunks: Bytes[]; isEnded: boolean }[] = [];
  for (const { from, bytes, end } of events) {
    const last = turns.at(-1);
    const isNext = last?.from !== from || (from === apart && bytes !== undefined);
    const turn = isNext ? { from, chunks: [], isEnded: false } : last;
    if (turn !== last) turns.push(turn);
    if (bytes !== undefined) turn.chunks.push(bytes);
    if (end !== undefined) turn.isEnded = true;
  }
  return turns.map(({ from, chunks, isEnded }) => ({ from, bytes: concatBytes(chunks), isEnded }));
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_RECORDING', what);
}
