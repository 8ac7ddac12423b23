import { createAttachedConsole } from './attached.ts';
import { listenForOperator } from './listen.ts';
import { besideConsole, openConsole } from './streams.ts';
import type { Endpoint } from '../base/endpoint.ts';
import type { Logger } from '../log/logger.ts';
import type { ConsoleOptions, OperatorConsole } from './console.ts';
import type { LineListener } from './line-router.ts';
import type { Streams } from './streams.ts';
import type { Writable } from 'node:stream';

/** The operator console of a service: on the standard streams, or of an operator who attaches. */
export interface ServiceConsole {
  readonly console: OperatorConsole;
  /** Where the log goes so that it does not mix with the conversation; `undefined`: the usual place. */
  readonly logDestination: Writable | undefined;
  /** Lets operators attach, if so configured. @throws ServiceError as `listenTcp` does. */
  listen(log: Logger): Promise<void>;
  close(): void;
}

/** Options of {@link openServiceConsole}. */
export interface ServiceConsoleOptions extends Pick<ConsoleOptions, 'promptsAlways'> {
  /** Where operators attach; `undefined`: the console is on the standard streams. */
  readonly operator: Endpoint | undefined;
  readonly streams: Streams;
  readonly listener: LineListener;
}

/** What an operator who attaches is shown first. */
const GREETING = 'you are the operator; /help lists the commands';

/** Opens the console of a service's operator. */
export function openServiceConsole({ operator, streams, ...options }: ServiceConsoleOptions): ServiceConsole {
  return operator === undefined ? onStreams(streams, options) : atSocket(operator, options.listener);
}

function onStreams(streams: Streams, options: Pick<ServiceConsoleOptions, 'listener' | 'promptsAlways'>): ServiceConsole {
  const console = openConsole(streams, options);
  return {
    console,
    logDestination: besideConsole(console, streams),
    listen: () => Promise.resolve(),
    close: () => console.close(),
  };
}

function atSocket(endpoint: Endpoint, listener: LineListener): ServiceConsole {
  const console = createAttachedConsole({ greeting: GREETING, listener });
  let stopListening: (() => void) | undefined;
  return {
    console,
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
