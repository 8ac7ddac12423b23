import { setTimeout as pause } from 'node:timers/promises';
import { formatEndpoint } from '../base/endpoint.ts';
import { ServiceError } from '../base/exit.ts';
import { hasCode } from '../base/system-error.ts';
import { option } from '../options/option.ts';
import { parseCount, parseDuration } from '../options/values.ts';
import type { Endpoint, Transport } from '../base/endpoint.ts';
import type { Logger } from '../log/logger.ts';
import type { Option } from 'commander';

/** What to do about an address in use. */
export interface BusyPolicy {
  /** Fail with the error, retry the same address, or take one of the following ports. */
  readonly policy: 'fail' | 'retry' | 'next';
  /** How many retries, or further ports. */
  readonly retries: number;
  /** Time between tries, in milliseconds. */
  readonly delayMs: number;
}

/** The policy for an address in use, where it is logged, and what ends the retries. */
export interface BusyOptions {
  /** @defaultValue fail */
  readonly busy?: BusyPolicy;
  /** Ends the wait between two tries: the listener rejects with the signal's `AbortError` at once. */
  readonly signal?: AbortSignal | undefined;
  readonly log?: Logger | undefined;
}

/** An endpoint to listen on, and how. */
export interface Listening {
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  /** One try. @returns The endpoint as it is. */
  listenOnce(endpoint: Endpoint): Promise<string>;
  /** What to throw for an error of `listenOnce`. It may search all of /proc for the holder, so it is called only for an error that is thrown. */
  explain(error: unknown, endpoint: Endpoint): Promise<unknown>;
}

/**
 * Listens, and follows the policy when the address is in use. `next` is for ports: a path, a name or a descriptor
 * has no next one, and fails.
 *
 * @throws What `explain` makes of the error, once the policy is exhausted; AbortError when the signal aborts.
 */
export async function listenDespiteBusy(listening: Listening, options: BusyOptions): Promise<string> {
  const { endpoint } = listening;
  const { busy, signal } = options;
  signal?.throwIfAborted();
  try {
    return await listening.listenOnce(endpoint);
  } catch (error) {
    const explained = await listening.explain(error, endpoint);
    if (busy === undefined || !isInUse(explained)) throw explained;
    if (busy.policy === 'retry') return tryAgain(listening, options, busy, explained);
    if (busy.policy === 'next') return takeNext(listening, options, busy, explained);
    throw explained;
  }
}

async function tryAgain(listening: Listening, { signal, log }: BusyOptions, busy: BusyPolicy, inUse: ServiceError): Promise<string> {
  const { endpoint, transport } = listening;
  const { retries, delayMs } = busy;
  const where = formatEndpoint(endpoint, transport);
  let error = inUse;
  for (let attempt = 1; attempt <= retries; attempt += 1) {
    log?.warn({ endpoint: where, reason: firstLine(error), attempt, retries, delayMs }, 'address in use, trying again');
    await pause(delayMs, undefined, signal === undefined ? {} : { signal });
    try {
      return await listening.listenOnce(endpoint);
    } catch (again) {
      const explained = await listening.explain(again, endpoint);
      if (!isInUse(explained)) throw explained;
      error = explained;
    }
  }
  throw error;
}

const MAX_PORT = 65_535;

async function takeNext(listening: Listening, { signal, log }: BusyOptions, busy: BusyPolicy, inUse: ServiceError): Promise<string> {
  const { endpoint, transport } = listening;
  if (endpoint.kind !== 'ip') throw inUse;
  const last = Math.min(endpoint.port + busy.retries, MAX_PORT);
  for (let port = endpoint.port + 1; port <= last; port += 1) {
    signal?.throwIfAborted();
    const candidate: Endpoint = { ...endpoint, port };
    try {
      const taken = await listening.listenOnce(candidate);
      const wanted = formatEndpoint(endpoint, transport);
      log?.warn({ wanted, endpoint: taken, reason: firstLine(inUse) }, 'address in use, took another port');
      return taken;
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE')) throw await listening.explain(error, candidate);
    }
  }
  throw last === endpoint.port ? inUse : allInUse(inUse, last);
}

function allInUse(inUse: ServiceError, last: number): ServiceError {
  const message = inUse.message.replace('\n', `\n  so are the ports after it, up to ${last}\n`);
  return new ServiceError('SERVICE_ERR_ADDRESS_IN_USE', message, { cause: inUse.cause });
}

function isInUse(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.code === 'SERVICE_ERR_ADDRESS_IN_USE';
}

function firstLine({ message }: ServiceError): string {
  return message.split('\n', 1)[0] ?? message;
}

/** The values of {@link portBusyOptions}. */
export interface PortBusyFlags {
  readonly portBusy: BusyPolicy['policy'];
  readonly portBusyRetries: number;
  /** Milliseconds. */
  readonly portBusyDelay: number;
}

/** `--port-busy`, `--port-busy-retries` and `--port-busy-delay`. */
export function portBusyOptions(appName: string): readonly Option[] {
  return [
    option(appName, '--port-busy <policy>', 'when the port is in use: fail, retry, or take one of the next ports', {
      default: 'fail',
      choices: ['fail', 'retry', 'next'],
    }),
    option<number>(appName, '--port-busy-retries <n>', 'number of retries, or of further ports; 0: none', {
      default: 10,
      parse: parseCount,
    }),
    option<number>(appName, '--port-busy-delay <duration>', 'the time between two tries; 0: at once', {
      default: 1000,
      defaultText: '1s',
      parse: parseDuration,
    }),
  ];
}

/** The values of the flags, as `listenTcp` and `bindUdp` take them. */
export function busyPolicy({ portBusy, portBusyRetries, portBusyDelay }: PortBusyFlags): BusyPolicy {
  return { policy: portBusy, retries: portBusyRetries, delayMs: portBusyDelay };
}
