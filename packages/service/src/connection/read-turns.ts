/** How long all links together may be read in one turn of the event loop, in milliseconds. */
const TURN_MS = 10;

/**
 * The same while connections arrive. The event loop accepts one connection a turn: with turns of 10 ms, the newcomer behind 500 others
 * would wait for 5 s.
 */
const ACCEPT_TURN_MS = 0.25;

/** Bytes read before the clock is looked at: reading them takes less than the limit, so a few short messages need no clock. */
const FREE_BYTES = 8192;

/** So many of those that sent much are read again in a turn: each may bring 64 KiB, and what finds no time is held. */
const MAX_HEAVY_A_TURN = 64;

/** Who is read in turns. */
export interface TurnReader {
  /** Whether it sent little when it was read last: it goes on before those that sent much. */
  readonly isLight: boolean;
  /** It may go on now. */
  goOn(): void;
  /** The time of this turn is over: who may send much is not read any more, and waits. */
  standAside(): void;
}

let readBytes = 0;
let isCounting = false;
let startedAtMs = 0;
let turnMs = TURN_MS;
let hasAccepted = false;
const readers = new Set<TurnReader>();
let light: TurnReader[] = [];
let heavy: TurnReader[] = [];
let hadCrowd = false;

/** From now on `reader` shares the turns. */
export function takeTurns(reader: TurnReader): void {
  readers.add(reader);
}

export function leaveTurns(reader: TurnReader): void {
  readers.delete(reader);
}

/** Whether so many bytes are much for one read. */
export function isMuch(byteLength: number): boolean {
  return byteLength >= FREE_BYTES;
}

/**
 * Whether there is time to deliver this many bytes in this turn. A thousand peers may each have sent 64 KiB of small messages when
 * the event loop polls: links not read when the time is over wait, and the rest of the process gets its turn in between.
 *
 *     free --8 KiB were read--> counting --the next turn--> free, or counting while somebody waits
 *
 * Who may send much stands aside, once the time is over, and is not read: a thousand reads that are held for later would be 64 MiB.
 */
export function hasTime(byteLength: number): boolean {
  if (isCounting) return performance.now() - startedAtMs < turnMs;
  readBytes += byteLength;
  if (readBytes >= FREE_BYTES) count();
  return true;
}

/** Calls `goOn` in a turn that has time for it: first come, first served, who sent little before who sent much. The others stand aside. */
export function waitForTurn(reader: TurnReader): void {
  lineUp(reader);
  for (const other of readers) other.standAside();
}

/** The same for one that stands aside by itself. */
export function lineUp(reader: TurnReader): void {
  (reader.isLight ? light : heavy).push(reader);
}

/** Whether others wait, or did when this turn began, who send much: whoever was read and sent much too is to line up behind them. */
export function isCrowded(): boolean {
  return hadCrowd || heavy.length > 0;
}

/** A connection was accepted: there may be more, and each takes a turn. */
export function noteAccept(): void {
  hasAccepted = true;
  turnMs = ACCEPT_TURN_MS;
}

function count(): void {
  isCounting = true;
  startedAtMs = performance.now();
  setImmediate(nextTurn);
}

function nextTurn(): void {
  isCounting = false;
  readBytes = 0;
  turnMs = hasAccepted ? ACCEPT_TURN_MS : TURN_MS;
  hasAccepted = false;
  hadCrowd = heavy.length > 1;
  if (light.length + heavy.length === 0) return;
  count();
  light = goOnWith(light, light.length);
  heavy = goOnWith(heavy, MAX_HEAVY_A_TURN);
}

/** Lets the first ones go on while there is time, one at least. @returns those that still wait. */
function goOnWith(line: readonly TurnReader[], most: number): TurnReader[] {
  let next = 0;
  while (next < Math.min(line.length, most) && (next === 0 || performance.now() - startedAtMs < turnMs)) line[next++]!.goOn();
  return line.slice(next);
}
