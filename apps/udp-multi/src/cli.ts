import {
  besideConsole,
  createLogger,
  createMetrics,
  createProgram,
  InvalidArgumentError,
  openConsole,
  option,
  parseDuration,
  parseEndpoint,
  runService,
  ServiceError,
  serviceOptions,
} from '@socklab/service';
import { runClient } from './client.ts';
import { maxPayloadBytes, tooLong } from './limits.ts';
import { createTraffic } from './metrics.ts';
import { startUdpMulti } from './service.ts';
import { SESSIONS } from './sessions/index.ts';
import { APP, VERSION } from './version.ts';
import type { Command, Endpoint, Logger, OperatorConsole, Option, OptionExtra, ServiceFlags, Streams } from '@socklab/service';
import type { SessionName } from './sessions/index.ts';

interface ServeFlags extends ServiceFlags {
  readonly listen: readonly Endpoint[];
  readonly session: SessionName;
  readonly reply: string;
  readonly quit: string;
  readonly once: boolean;
  readonly reusePort: boolean;
}

interface SendFlags {
  readonly say?: string;
  readonly quit: string;
  readonly timeout?: number;
}

const DEFAULT_LISTEN = 'udp://127.0.0.1:9000';
const DEFAULT_SAY_TIMEOUT_MS = 5000;

/** The command line of udp-multi. */
export function createUdpMultiProgram(streams: Streams): Command {
  const program = createProgram({ name: APP, version: VERSION, description: 'A UDP service for many peers: a lesson, and a test target' });
  addServeOptions(program);
  program.action((flags: ServeFlags) => serve(flags, streams));
  addSendCommand(program, streams);
  return program;
}

function flag<Value = string>(flags: string, help: string, extra?: OptionExtra<Value>): Option {
  return option(APP, flags, help, extra);
}

function addServeOptions(program: Command): void {
  program
    .addOption(
      flag<Endpoint>('--listen <endpoint>', 'where to listen: udp://HOST:PORT, udp://[::1]:PORT or fd:N; may be repeated', {
        default: [parseEndpoint(DEFAULT_LISTEN, 'udp')],
        defaultText: DEFAULT_LISTEN,
        parse: (text) => parseEndpoint(text, 'udp'),
        repeatable: true,
      }),
    )
    .addOption(flag('--session <name>', 'what to do with a datagram', { default: 'echo', choices: Object.keys(SESSIONS) }))
    .addOption(flag('--reply <text>', 'what the session greet answers', { default: 'byebye' }))
    .addOption(flag<boolean>('--once', 'answer one datagram, and exit', { default: false }))
    .addOption(quitOption())
    .addOption(flag<boolean>('--reuse-port', 'share the port with other processes that say so too', { default: false }));
  for (const each of serviceOptions(APP)) program.addOption(each);
}

function addSendCommand(program: Command, streams: Streams): void {
  program
    .command('send')
    .description('send datagrams to a server and show its answers')
    .argument('<target>', 'the server, HOST:PORT', parseTarget)
    .addOption(flag('--say <text>', 'the one datagram to send; without it, each line of standard input'))
    .addOption(quitOption())
    .addOption(
      flag<number>('--timeout <duration>', 'how long each answer may take, 0 for ever (default: 5s with --say, else 0)', {
        parse: parseDuration,
      }),
    )
    .action((target: { host: string; port: number }, { say, quit, timeout }: SendFlags) => {
      const timeoutMs = timeout ?? (say === undefined ? 0 : DEFAULT_SAY_TIMEOUT_MS);
      return runClient({ target, say, quit, timeoutMs, streams });
    });
}

const quitOption = () => flag('--quit <word>', 'ends a conversation, from either side; empty: nothing does', { default: 'q' });

/** Not the option's own parser: its error repeats the text, and this text is a long one. */
function checkReply({ reply }: ServeFlags): void {
  const { length } = Buffer.from(reply);
  if (length > maxPayloadBytes('IPv4')) throw new ServiceError('SERVICE_ERR_USAGE', `--reply: ${tooLong('a text', length, 'IPv4')}`);
}

function parseTarget(text: string): { host: string; port: number } {
  const target = parseEndpoint(text, 'udp');
  if (target.kind !== 'ip') throw new InvalidArgumentError(`${text} is no server's address: give HOST:PORT or [IPv6]:PORT.`);
  if (target.port === 0) throw new InvalidArgumentError('nobody can be reached on port 0: give a port from 1 to 65535.');
  return target;
}

async function serve(flags: ServeFlags, streams: Streams): Promise<void> {
  checkReply(flags);
  const console = flags.session === 'operator' ? openConsole(streams) : undefined;
  const log = openLog(flags, streams, console);
  const metrics = createMetrics(APP);
  const traffic = createTraffic(metrics);
  try {
    await runService({
      log,
      drainTimeoutMs: flags.drainTimeout,
      admin: { listen: flags.admin, app: APP, version: VERSION, metrics },
      start: () => startUdpMulti({ ...flags, console, log, traffic }),
    });
  } finally {
    console?.close();
  }
}

/** The conversation of an operator is on standard output, so its log goes beside it. */
function openLog({ logLevel: level, logFormat: format }: ServeFlags, streams: Streams, console?: OperatorConsole): Logger {
  const options = { app: APP, level, format };
  return createLogger(console === undefined ? options : { ...options, destination: besideConsole(console, streams) });
}
