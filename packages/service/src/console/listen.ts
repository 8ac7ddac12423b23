import { Server } from 'node:net';
import { parseEndpoint } from '../base/endpoint.ts';
import { ServiceError } from '../base/exit.ts';
import { listenTcp } from '../listen/listen.ts';
import { option } from '../options/option.ts';
import type { Endpoint } from '../base/endpoint.ts';
import type { Logger } from '../log/logger.ts';
import type { AttachedConsole } from './attached.ts';
import type { Option } from 'commander';
import type { Socket } from 'node:net';

/** Mode of the socket file: only its owner may connect. */
const PRIVATE_UMASK = 0o177;

/** Reads what `--operator` takes: `unix:/run/echo-operator.sock`. @throws ServiceError `SERVICE_ERR_USAGE` for anything else. */
export function parseConsoleEndpoint(text: string): Endpoint {
  const endpoint = text.toLowerCase().startsWith('unix:') ? parseEndpoint(text, 'tcp') : undefined;
  if (endpoint?.kind === 'unix') return endpoint;
  throw new ServiceError('SERVICE_ERR_USAGE', `${text}: an operator attaches to a socket file, which has an owner: give unix:/path`);
}

/** The option `--operator`. */
export function operatorOption(app: string): Option {
  return option<Endpoint>(
    app,
    '--operator <endpoint>',
    'where operators attach, for example with nc -U: unix:/path (default: the operator is at the terminal, or on standard input)',
    { parse: parseConsoleEndpoint },
  );
}

/** Options of {@link listenForOperator}. */
export interface OperatorListenOptions {
  /** The option that chose the endpoint, named in errors. @defaultValue `'--operator'` */
  readonly flag?: string;
  readonly log: Logger;
}

/**
 * Lets operators attach to a console, for example with `nc -U /path`: only those of the same user, for the file has
 * mode 0600. A stale file is replaced, and the file is removed at exit.
 *
 * @returns Stops listening.
 * @throws ServiceError as {@link listenTcp} does.
 */
export async function listenForOperator(
  console: AttachedConsole,
  endpoint: Endpoint,
  { flag = '--operator', log }: OperatorListenOptions,
): Promise<() => void> {
  const server = new PrivateServer((socket) => {
    socket.once('close', () => log.debug('operator connection closed'));
    console.attach(socket);
  });
  const where = await listenTcp(server, endpoint, { flag, log });
  log.info({ operator: where }, 'waiting for an operator');
  return () => server.close();
}

/** Binds the socket file for the owner alone: a chmod afterwards would be too late for a client that connects before. */
class PrivateServer extends Server {
  constructor(onConnection: (socket: Socket) => void) {
    super({ allowHalfOpen: true }, onConnection);
  }

  override listen(...options: unknown[]): this {
    const umask = process.umask(PRIVATE_UMASK);
    try {
      // A path is bound before this returns.
      return super.listen(...(options as [object]));
    } finally {
      process.umask(umask);
    }
  }
}
