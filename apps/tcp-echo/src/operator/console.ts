import { besideConsole, completeCommand, createAttachedConsole, listenForOperator, openConsole } from '@socklab/service';
import { OPERATOR_COMMANDS, parseOperatorLine } from './commands.ts';
import { createTalks } from './conversations.ts';
import { createOperatorEffects } from './effects.ts';
import { runOperatorCommand } from './run-command.ts';
import type { Connections } from '../connection/connections.ts';
import type { Talks } from './conversations.ts';
import type { ByteCodec } from '@socklab/framing';
import type { Endpoint, LineListener, Logger, OperatorConsole, Streams } from '@socklab/service';
import type { Writable } from 'node:stream';

/** The place of the operator: a console whose commands act on the service. */
export interface OperatorDesk {
  readonly console: OperatorConsole;
  readonly talks: Talks;
  /** Where the log goes beside the conversation; absent when it is in nobody's way. */
  readonly logDestination: Writable | undefined;
  /** Lets the operator come, where one has to. @throws ServiceError as `listenTcp` does. */
  listen(log: Logger): Promise<void>;
  close(): void;
}

/** Options of {@link openDesk}. */
export interface DeskOptions {
  /** Where operators attach; the standard streams are the console when it is absent. */
  readonly operator: Endpoint | undefined;
  readonly streams: Streams;
  readonly connections: Connections;
  readonly codec: ByteCodec;
  readonly maxPendingBytes: number;
  readonly nowMs: () => number;
}

/** Connections whose numbers Tab offers. */
const MAX_OFFERED = 100;

/** Opens the place of the operator. */
export function openDesk(options: DeskOptions): OperatorDesk {
  const { operator, streams, connections } = options;
  const talks = createTalks();
  const listener: LineListener = {
    hear: (line) => {
      const entered = parseOperatorLine(line);
      if (entered.kind === 'text') return entered.text;
      const { console } = desk;
      const show = (text: string): void => console.print(text);
      if (entered.kind === 'error') show(entered.error);
      else runOperatorCommand(entered, createOperatorEffects({ ...options, talks, console }), show);
      return undefined;
    },
    complete: (typed) => completeCommand(typed, OPERATOR_COMMANDS, () => idsOf(connections)),
  };
  const desk = operator === undefined ? atStreams(streams, talks, listener) : atSocket(operator, talks, listener);
  return desk;
}

function atStreams(streams: Streams, talks: Talks, listener: LineListener): OperatorDesk {
  const console = openConsole(streams, listener);
  return {
    console,
    talks,
    logDestination: besideConsole(console, streams),
    listen: () => Promise.resolve(),
    close: () => console.close(),
  };
}

function atSocket(endpoint: Endpoint, talks: Talks, listener: LineListener): OperatorDesk {
  const console = createAttachedConsole({ greeting: 'you are the operator; /help tells the commands', listener });
  let stopListening: (() => void) | undefined;
  return {
    console,
    talks,
    logDestination: undefined,
    async listen(log) {
      stopListening = await listenForOperator(console, endpoint, { log });
    },
    close() {
      stopListening?.();
      console.close();
    },
  };
}

function idsOf(connections: Connections): readonly string[] {
  return Array.from(connections, ({ id }) => String(id)).slice(0, MAX_OFFERED);
}
