import { completeCommand, openServiceConsole, parseConsoleLine } from '@socklab/service';
import { peerName } from '../peers.ts';
import { OPERATOR_COMMANDS, runCommand } from './operator-commands.ts';
import type { Audience, KnownPeer } from './audience.ts';
import type { OperatorCommand } from './operator-commands.ts';
import type { Endpoint, LineListener, OperatorConsole, ServiceConsole, Streams } from '@socklab/service';

/** An operator's console whose commands run at once, even while the operator is asked for an answer. */
export interface CommandConsole extends OperatorConsole {
  /** Runs commands on an audience from now on, starting with those that were entered before. */
  actOn(audience: Audience): void;
}

/** The console of this service's operator. */
export interface Operator extends ServiceConsole {
  readonly console: CommandConsole;
}

/** Options of {@link openOperator}. */
export interface OpenOperatorOptions {
  /** Where operators attach; absent: the console is on the standard streams. */
  readonly operator: Endpoint | undefined;
  readonly streams: Streams;
}

/** Commands that may wait for the service to start. */
const MAX_EARLY_COMMANDS = 100;

/** Peers that Tab offers, the most recently active ones. */
const MAX_OFFERED = 100;

/** Opens the operator's console. */
export function openOperator(options: OpenOperatorOptions): Operator {
  let audience: Audience | undefined;
  const early: OperatorCommand[] = [];
  const run = (command: OperatorCommand): void => {
    if (audience !== undefined) opened.console.print(runCommand(command, audience));
    else if (early.length < MAX_EARLY_COMMANDS) early.push(command);
    else opened.console.print(`not kept: ${MAX_EARLY_COMMANDS} commands wait for the service to start`);
  };
  const listener: LineListener = {
    hear: (line) => {
      const entered = parseConsoleLine(line, OPERATOR_COMMANDS);
      if (entered.kind === 'text') return entered.text;
      if (entered.kind === 'error') opened.console.print(entered.error);
      else run(entered);
      return undefined;
    },
    complete: (typed) => completeCommand(typed, OPERATOR_COMMANDS, () => (audience?.list() ?? []).slice(-MAX_OFFERED).flatMap(namesOf)),
  };
  // Lines are taken whether or not a datagram waits for an answer.
  const opened = openServiceConsole({ ...options, listener, promptsAlways: true });
  const actOn = (given: Audience): void => {
    audience = given;
    for (const command of early.splice(0)) run(command);
  };
  return { ...opened, console: { ...opened.console, actOn } };
}

/** The names that the operator can use for a peer. */
function namesOf({ number, peer }: KnownPeer): readonly string[] {
  return [`#${number}`, peerName(peer)];
}
