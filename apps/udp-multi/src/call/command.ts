import { ClientError, presentLoad } from '@socklab/client';
import { ServiceError } from '@socklab/service';
import { CALL_NOTES, callOptions, DEFAULT_DURATION_MS, LOAD_FLAGS, LOAD_ONLY_FLAGS } from './call-options.ts';
import { callOnce, converse } from './conversation.ts';
import { runLoad } from './load/load.ts';
import { formatProgress } from './load/progress.ts';
import { failureOf } from './load/report.ts';
import { loadTable } from './load/table.ts';
import { parseTarget } from './values.ts';
import type { CallFlags } from './call-options.ts';
import type { LoadOptions } from './load/options.ts';
import type { LoadReport } from './load/report.ts';
import type { Target } from '@socklab/client';
import type { Command, Streams } from '@socklab/service';

/**
 * Adds `call HOST:PORT` to a program: one datagram, a conversation over lines of standard input, or a load. It prints to
 * `streams`, and fails with an error for `runProgram` to show; exit codes: see `CALL_NOTES`. The first Ctrl-C stops a
 * load, which is then judged and reported as usual; a second one ends the process.
 */
export function addCallCommand(program: Command, streams: Streams): void {
  const command = program
    .command('call')
    .description('send datagrams to a server that echoes: one, a conversation, or a load')
    .argument('<target>', 'the server, HOST:PORT', parseTarget)
    .addHelpText('after', CALL_NOTES);
  for (const each of callOptions()) command.addOption(each);
  command.action((target: Target, flags: CallFlags, own: Command) => call(target, flags, givenFlags(own), streams));
}

interface Given {
  /** Set on the command line or by a variable. */
  readonly anyhow: ReadonlySet<string>;
  /** Set on the command line. A variable may be meant for the service, which has options of the same name. */
  readonly typed: ReadonlySet<string>;
}

function givenFlags(command: Command): Given {
  const from = (...sources: readonly string[]): ReadonlySet<string> =>
    new Set(Object.keys(command.opts()).filter((name) => sources.includes(command.getOptionValueSource(name) ?? '')));
  return { anyhow: from('cli', 'env'), typed: from('cli') };
}

async function call(target: Target, flags: CallFlags, given: Given, streams: Streams): Promise<void> {
  refuseContradictions(flags, given);
  if (LOAD_FLAGS.some((name) => given.anyhow.has(name))) {
    await load({ ...loadOptions(flags, given), target }, flags, streams);
    return;
  }
  const options = { target, timeoutMs: flags.timeout };
  const print = (text: string): void => {
    if (!flags.quiet) streams.stdout.write(`${text}\n`);
  };
  if (flags.message === undefined) await converse(options, streams, flags.quiet);
  else await callOnce(flags.message, options, print);
}

function refuseContradictions({ message, datagrams, duration }: CallFlags, given: Given): void {
  if (datagrams !== undefined && duration !== undefined) throw usage('give --datagrams or --duration, not both');
  if (given.anyhow.has('depth') && given.anyhow.has('rate')) throw usage('give --depth (closed loop) or --rate (open loop), not both');
  const isLoad = LOAD_FLAGS.find((name) => given.anyhow.has(name));
  if (isLoad !== undefined && message !== undefined) {
    throw usage(`--message is one datagram, --${isLoad} is for a load, which makes its own: give one of them`);
  }
  const alone = isLoad === undefined ? Object.entries(LOAD_ONLY_FLAGS).find(([name]) => given.typed.has(name)) : undefined;
  if (alone !== undefined) throw usage(`${alone[1]} is for a load: give --datagrams or --duration with it`);
}

function loadOptions(flags: CallFlags, given: Given): Omit<LoadOptions, 'target'> {
  return {
    session: flags.session,
    sockets: flags.sockets,
    datagrams: flags.datagrams,
    durationMs: flags.duration ?? (given.anyhow.has('datagrams') ? undefined : DEFAULT_DURATION_MS),
    sizes: flags.size,
    ...(flags.rate === 0 ? { depth: flags.depth } : { ratePerSecond: flags.rate }),
    timeoutMs: flags.timeout,
    seed: flags.seed,
  };
}

async function load(options: LoadOptions, flags: CallFlags, streams: Streams): Promise<void> {
  const run = (hooks: Pick<LoadOptions, 'signal' | 'onProgress'>): Promise<LoadReport> => runLoad({ ...options, ...hooks });
  const report = await presentLoad({ run, formatProgress, formatReport: loadTable }, flags, streams);
  const failure = failureOf(report, flags.maxLoss);
  if (failure !== undefined) throw new ClientError('CLIENT_ERR_LOAD_FAILED', failure);
}

function usage(message: string): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', message);
}
