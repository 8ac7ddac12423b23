import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  exchangeOf,
  parseConversation,
  parseRequest,
  parseUntil,
  ProbeError,
  PROTOCOLS,
  protocolExchange,
  readRecording,
  requestExchange,
} from '@socklab/probe';
import { ServiceError } from '@socklab/service';
import { checked, flag } from './flags.ts';
import { collect, readInput } from './read-input.ts';
import type { Bytes, Exchange, Mask } from '@socklab/probe';
import type { Option } from '@socklab/service';
import type { Readable } from 'node:stream';

/** The source of the exchange. */
export interface ExchangeFlags {
  readonly request?: string;
  readonly conversation?: string;
  readonly recording?: string;
  readonly protocol?: string;
  readonly until?: string;
  readonly framing?: string;
}

/** What to send and what to wait for, and the words of a command line for it. */
export interface ExchangeInput {
  readonly exchange: Exchange;
  /** `undefined` when a command line cannot express it: long standard input. */
  readonly words: readonly string[] | undefined;
  /** What may differ in its answers, besides the default masks. */
  readonly masks?: readonly Mask[];
}

const MAX_REQUEST_BYTES = 16_777_216;
/** A recording of at most this many bytes is read whole. */
export const MAX_INPUT_BYTES = 268_435_456;
/** Standard input of at most this many bytes is repeated in a command, as hex. */
const MAX_REPLAYED_BYTES = 4096;

/** The options of {@link ExchangeFlags}, `--framing` apart. */
export function exchangeOptions(): readonly Option[] {
  return [
    flag('--request <what>', 'what to send: a file, hex:68 69, text:GET / HTTP/1.0\\r\\n\\r\\n, or - for standard input', {
      parse: checked(parseRequest),
    }),
    flag('--conversation <file>', 'send, wait, send …: the steps of a JSON file'),
    flag('--recording <file>', 'the same from a recording of `sticky-lab record`'),
    flag('--protocol <name>', `a conversation that is ready: ${PROTOCOLS.map(({ name }) => name).join(', ')}`, {
      parse: checked(protocolExchange),
    }),
    flag(
      '--until <end>',
      'what ends the answer to --request: bytes:N, frames:N, unordered:N, idle:200ms or close; without it, learnt from the control',
    ),
  ];
}

/**
 * Reads the exchange that the flags name.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` unless exactly one source is given and can be read; ProbeError for what is not an exchange.
 */
export async function readExchange(flags: ExchangeFlags, stdin: Readable): Promise<ExchangeInput> {
  const { request, conversation, recording, protocol, until } = flags;
  const given = Object.entries({ request, conversation, recording, protocol }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const seen = given.length === 0 ? 'none' : given.map(([name]) => `--${name}`).join(' and ');
    throw usage(`give one of --request, --conversation, --recording and --protocol; given: ${seen}`);
  }
  if (request !== undefined) return readRequest(request, flags, stdin);
  if (until !== undefined) throw usage('--until goes with --request: a conversation or a recording has ends of its own');
  if (protocol !== undefined) return { ...protocolExchange(protocol), words: ['--protocol', protocol] };
  const framing = flags.framing === undefined ? {} : { framing: flags.framing };
  if (conversation !== undefined) {
    const json = (await readInput('--conversation', conversation, MAX_INPUT_BYTES)).toString('utf8');
    const readFile = (path: string): Bytes => readBeside(conversation, path);
    return { exchange: parseConversation(json, { ...framing, readFile }), words: ['--conversation', conversation] };
  }
  const file = recording ?? '';
  const text = (await readInput('--recording', file, MAX_INPUT_BYTES)).toString('utf8');
  return { exchange: exchangeOf(readRecording(text), framing), words: ['--recording', file] };
}

async function readRequest(request: string, { framing, until }: ExchangeFlags, stdin: Readable): Promise<ExchangeInput> {
  const source = parseRequest(request);
  const bytes =
    source.kind === 'bytes'
      ? source.bytes
      : source.kind === 'file'
        ? await readInput('--request', source.path, MAX_REQUEST_BYTES)
        : await collect(stdin, 'standard input', MAX_REQUEST_BYTES);
  const exchange = requestExchange(bytes, {
    ...(framing === undefined ? {} : { framing }),
    ...(until === undefined ? {} : { until: parseUntil(until, framing) }),
  });
  const untilWords = until === undefined ? [] : ['--until', until];
  if (source.kind !== 'stdin') return { exchange, words: ['--request', request, ...untilWords] };
  const isShort = bytes.length <= MAX_REPLAYED_BYTES;
  return { exchange, words: isShort ? ['--request', `hex:${Buffer.from(bytes).toString('hex')}`, ...untilWords] : undefined };
}

/** A file that a conversation names, relative to it. */
export function readBeside(conversation: string, path: string): Bytes {
  const file = resolve(dirname(conversation), path);
  try {
    const { size } = statSync(file);
    if (size > MAX_REQUEST_BYTES)
      throw new ProbeError('PROBE_ERR_EXCHANGE', `the file ${file} has ${size} bytes, limit ${MAX_REQUEST_BYTES}`);
    return readFileSync(file);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new ProbeError('PROBE_ERR_EXCHANGE', `the file ${file}, which the conversation names, cannot be read: ${error.message}`, {
      cause: error,
    });
  }
}

function usage(message: string): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', message);
}
