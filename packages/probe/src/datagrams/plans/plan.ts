import type { Exchange } from '../../types.ts';
import type { DatagramAction, DatagramTrial } from '../base/types.ts';

/** What plans are made for. */
export interface DatagramPlanContext {
  readonly exchange: Exchange;
  /** The length of a delay, in milliseconds. */
  readonly delayMs: number;
  /** Most lengths that one datagram is truncated to. */
  readonly maxTruncations: number;
}

/** The trials of a plan, and what it leaves out. */
export interface DatagramDrafts {
  readonly trials: readonly DatagramTrial[];
  /** A clause: `all but 256 of 1200 lengths of datagram 0`. */
  readonly untried?: string;
}

/** One kind of harm that a network does, to each datagram in turn. */
export interface DatagramPlanEntry {
  readonly name: string;
  /** Its syntax, where a number may follow the name: `glue:N`, 2 without one. @defaultValue the name alone */
  readonly usage?: string;
  /** One sentence on what it does, and what may be answered. */
  readonly summary: string;
  readonly create: (context: DatagramPlanContext, count?: number) => DatagramDrafts;
}

/** The steps before a send, the rest of what is sent with it before an answer is awaited, and the rest. */
export interface Around {
  readonly before: readonly DatagramAction[];
  readonly beside: readonly DatagramAction[];
  readonly after: readonly DatagramAction[];
  /** Whether it is the only datagram between two waits. */
  readonly isAlone: boolean;
}

/** The place of a send among the steps. */
export function around(actions: readonly DatagramAction[], send: number): Around {
  const at = actions.findIndex((action) => action.kind === 'send' && action.sends.includes(send));
  const wait = actions.findIndex(({ kind }, index) => index > at && kind === 'wait');
  const end = wait < 0 ? actions.length : wait;
  return {
    before: actions.slice(0, at),
    beside: actions.slice(at + 1, end),
    after: actions.slice(end),
    isAlone: end === at + 1 && actions[at - 1]?.kind !== 'send',
  };
}

/** The same steps, with waits in which nothing needs to come. */
export function silently(actions: readonly DatagramAction[]): readonly DatagramAction[] {
  return actions.map((action) => (action.kind === 'wait' ? { ...action, isSilent: true } : action));
}

/** The send of one datagram. */
export function sendOf(send: number): DatagramAction {
  return { kind: 'send', sends: [send] };
}
