/** How long all links together are read in one turn of the event loop, in milliseconds. */
const TURN_MS = 10;

/**
 * So long while connections come, in milliseconds. The event loop accepts one connection a turn: with turns of 10 ms, the newcomer behind 500
 * others would wait for 5 s.
 */
const ACCEPT_TURN_MS = 0.25;

/** So much is read before time counts at all, in bytes: it takes less, and so few short messages cost no look at a clock. */
const FREE_BYTES = 8192;

/** Who was read when the time of a turn was over. */
export interface Waiter {
  /** Its turn has come. */
  goOn(): void;
}

let readBytes = 0;
let isCounting = false;
let startedAtMs = 0;
let turnMs = TURN_MS;
let hasAccepted = false;
let waiting: Waiter[] = [];

/**
 * Whether there is time to hand out so many bytes in this turn. A thousand peers may have sent 64 KiB each, all of small messages, when
 * the event loop looks: whoever is not read yet when the time is over waits, and everything else of the process has its turn in between.
 *
 *     free --8 KiB were read--> counting --the next turn--> free, or counting while somebody waits
 */
export function hasTime(byteLength: number): boolean {
  if (isCounting) return performance.now() - startedAtMs < turnMs;
  readBytes += byteLength;
  if (readBytes >= FREE_BYTES) count();
  return true;
}

/** Calls `goOn` in a turn that has time for it, first come, first served. */
export function waitForTurn(waiter: Waiter): void {
  waiting.push(waiter);
}

/** A connection was accepted: there may be more, and each of them takes a turn. */
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
  if (waiting.length === 0) return;
  const before = waiting;
  waiting = [];
  count();
  let next = 0;
  do before[next++]!.goOn();
  while (next < before.length && performance.now() - startedAtMs < turnMs);
  waiting = [...before.slice(next), ...waiting];
}
