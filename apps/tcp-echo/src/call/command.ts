import { ClientError, presentLoad } from '@socklab/client';
import { codecByName, framingOf as readFramingText } from '@socklab/framing';
import { ServiceError, parseHostPort } from '@socklab/service';
import { checkSendable } from '../operator/sendable.ts';
import { framingOf } from '../options.ts';
import { callOptions, DEFAULT_DURATION_MS, LOAD_FLAGS, LOAD_ONLY_FLAGS } from './call-options.ts';
import { callOnce, converse } from './conversation.ts';
import { runLoad } from './load/load.ts';
import { formatProgress } from './load/progress.ts';
import { failureOf } from './load/report.ts';
import { loadTable } from './load/table.ts';
import { MAX_RAW_MESSAGE_BYTES, readCertificates, readMessage } from './message.ts';
import type { CallFlags } from './call-options.ts';
import type { LoadOptions } from './load/options.ts';
import type { LoadReport } from './load/report.ts';
import type { CallOptions } from './open-call.ts';
import type { TlsClient } from '@socklab/client';
import type { Command, ConnectTarget, Streams } from '@socklab/service';

/**
 * Adds `call HOST:PORT` to a program: one message, a conversation over lines of standard input, or a load. It prints to
 * `streams`, and fails with an error for `runProgram` to show: exit code 0 when every message was answered, else 1, usage
 * 2. The first Ctrl-C stops a load, which is then judged and reported as usual; a second one ends the process.
 */
export function addCallCommand(program: Command, streams: Streams): void {
  const command = program
    .command('call')
    .description('send messages to a server that echoes: one, a conversation, or a load; HOST:PORT or unix:/path')
    .argument('<target>', 'the server', parseHostPort);
  for (const each of callOptions()) command.addOption(each);
  command.action((target: ConnectTarget, flags: CallFlags, own: Command) => call(target, flags, givenFlags(own), streams));
}

/** The options that were set, on the command line or by a variable. */
function givenFlags(command: Command): ReadonlySet<string> {
  const names = Object.keys(command.opts());
  return new Set(names.filter((name) => !['default', undefined].includes(command.getOptionValueSource(name))));
}

async function call(target: ConnectTarget, flags: CallFlags, given: ReadonlySet<string>, streams: Streams): Promise<void> {
  refuseContradictions(flags, given);
  // A --max-frame that fits no frame is wrong usage here too.
  framingOf(flags);
  const tls = await tlsOf(flags);
  if (LOAD_FLAGS.some((name) => given.has(name))) {
    await load({ ...loadOptions(flags, given), target, tls }, flags, streams);
    return;
  }
  const { name, keepsBoundaries } = readFramingText(flags.framing);
  const codec = codecByName(flags.framing, { maxPayloadBytes: keepsBoundaries ? flags.maxFrame : MAX_RAW_MESSAGE_BYTES });
  const options: CallOptions = { target, tls, timeoutMs: flags.timeout, codec, keepsBoundaries };
  const print = (text: string): void => {
    if (!flags.quiet) streams.stdout.write(`${text}\n`);
  };
  const message = await messageOf(flags, codec.maxPayloadBytes);
  if (message === undefined) return converse(options, streams, print);
  if (message.length === 0 && !keepsBoundaries) throw usage('the message is empty: without a framing there is nothing to send');
  checkSendable(flags.file === undefined ? '--message' : '--file', message, { name, codec });
  await callOnce(message, options, print);
}

function refuseContradictions({ message, file, messages, duration, framing }: CallFlags, given: ReadonlySet<string>): void {
  if (message !== undefined && file !== undefined) throw usage('give --message or --file, not both');
  if (messages !== undefined && duration !== undefined) throw usage('give --messages or --duration, not both');
  const isLoad = LOAD_FLAGS.find((name) => given.has(name));
  if (isLoad !== undefined && (message ?? file) !== undefined) {
    throw usage(
      `--${message === undefined ? 'file' : 'message'} is one message, --${isLoad} is for a load, which makes its own: give one of them`,
    );
  }
  const alone = isLoad === undefined ? LOAD_ONLY_FLAGS.find((name) => given.has(name)) : undefined;
  if (alone !== undefined) throw usage(`--${alone} is for a load: give --messages or --duration with it`);
  const { name, exampleFrames } = readFramingText(framing);
  if (exampleFrames !== undefined && given.has('size'))
    throw usage(`--framing ${name} carries whole frames of its protocol, which have their own sizes: leave out --size`);
}

async function tlsOf({ tls, tlsCa, insecure, servername }: CallFlags): Promise<TlsClient | undefined> {
  if (!tls && tlsCa === undefined && !insecure && servername === undefined) return undefined;
  return { ca: tlsCa === undefined ? undefined : await readCertificates(tlsCa), insecure, servername };
}

async function messageOf({ message, file }: CallFlags, maxBytes: number): Promise<Uint8Array | undefined> {
  if (file !== undefined) return readMessage(file, maxBytes);
  return message === undefined ? undefined : Buffer.from(message);
}

function loadOptions(flags: CallFlags, given: ReadonlySet<string>): Omit<LoadOptions, 'target'> {
  return {
    connections: flags.connections,
    messages: flags.messages,
    durationMs: flags.duration ?? (given.has('messages') ? undefined : DEFAULT_DURATION_MS),
    sizes: flags.size,
    depth: flags.depth,
    ratePerSecond: flags.rate === 0 ? undefined : flags.rate,
    framing: flags.framing,
    maxFrameBytes: flags.maxFrame,
    timeoutMs: flags.timeout,
    seed: flags.seed,
  };
}

async function load(options: LoadOptions, flags: CallFlags, streams: Streams): Promise<void> {
  const run = (hooks: Pick<LoadOptions, 'signal' | 'onProgress'>): Promise<LoadReport> => runLoad({ ...options, ...hooks });
  refuseFailure(await presentLoad({ run, formatProgress, formatReport: loadTable }, flags, streams));
}

function refuseFailure(report: LoadReport): void {
  const failure = failureOf(report);
  if (failure !== undefined) throw new ClientError('CLIENT_ERR_LOAD_FAILED', failure);
}

function usage(message: string): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', message);
}
