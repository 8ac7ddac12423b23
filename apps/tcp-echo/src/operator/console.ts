import { completeCommand, openServiceConsole } from '@socklab/service';
import { OPERATOR_COMMANDS, parseOperatorLine } from './commands.ts';
import { createOperatorConversations } from './conversations.ts';
import { createOperatorEffects } from './effects.ts';
import { runOperatorCommand } from './run-command.ts';
import type { Connections } from '../connection/connections.ts';
import type { OperatorConversations } from './conversations.ts';
import type { ByteCodec } from '@socklab/framing';
import type { Endpoint, LineListener, ServiceConsole, Streams } from '@socklab/service';

/** The operator: a console with commands for the service, and its conversations. */
export interface Operator extends ServiceConsole {
  readonly conversations: OperatorConversations;
}

/** Options of {@link openOperator}. */
export interface OpenOperatorOptions {
  /** Where operators attach; absent: the console is on the standard streams. */
  readonly operator: Endpoint | undefined;
  readonly streams: Streams;
  readonly connections: Connections;
  readonly codec: ByteCodec;
  readonly maxPendingBytes: number;
  readonly nowMs: () => number;
}

/** Connections that Tab offers. */
const MAX_OFFERED = 100;

/** Opens the operator's console. */
export function openOperator(options: OpenOperatorOptions): Operator {
  const { operator, streams, connections } = options;
  const conversations = createOperatorConversations();
  const listener: LineListener = {
    hear: (line) => {
      const entered = parseOperatorLine(line);
      if (entered.kind === 'text') return entered.text;
      const { console } = opened;
      const show = (text: string): void => console.print(text);
      if (entered.kind === 'error') show(entered.error);
      else runOperatorCommand(entered, createOperatorEffects({ ...options, conversations, console }), show);
      return undefined;
    },
    complete: (typed) => completeCommand(typed, OPERATOR_COMMANDS, () => idsOf(connections)),
  };
  const opened = openServiceConsole({ operator, streams, listener });
  return { ...opened, conversations };
}

function idsOf(connections: Connections): readonly string[] {
  return Array.from(connections, ({ id }) => String(id)).slice(0, MAX_OFFERED);
}
