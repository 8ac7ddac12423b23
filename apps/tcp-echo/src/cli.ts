import { codecByName, FRAMINGS, framingNames } from '@socklab/framing';
import {
  besideConsole,
  createLogger,
  createProgram,
  openConsole,
  option,
  parseCount,
  parseDuration,
  parseEndpoint,
  parseHostPort,
  parseSize,
  runService,
  serviceOptions,
} from '@socklab/service';
import { runClient } from './client/client.ts';
import { createTcpEchoMetrics } from './metrics.ts';
import { startTcpEcho } from './service.ts';
import { sessionByName, sessionNames } from './sessions/index.ts';
import { APP, VERSION } from './version.ts';
import type { Codec } from '@socklab/framing';
import type {
  Command,
  ConnectTarget,
  Endpoint,
  Logger,
  OperatorConsole,
  Option,
  OptionExtra,
  ServiceFlags,
  Streams,
} from '@socklab/service';
import type { Mode } from './sessions/index.ts';

interface FramingFlags {
  readonly framing: string;
  readonly maxFrame: number;
}

interface ServeFlags extends FramingFlags, ServiceFlags {
  readonly listen: readonly Endpoint[];
  readonly session: string;
  readonly mode?: Mode;
  readonly greeting: string;
  readonly quit: string;
  readonly once: boolean;
  readonly maxConnections: number;
  readonly reusePort: boolean;
}

interface ConnectFlags extends FramingFlags {
  readonly session: string;
  readonly say?: string;
  readonly quit: string;
  readonly timeout: number;
}

/** The command line of tcp-echo. */
export function createTcpEchoProgram(streams: Streams): Command {
  const program = createProgram({ name: APP, version: VERSION, description: 'A TCP echo service: a lesson, and a test target' });
  addServeOptions(program);
  program.action((flags: ServeFlags) => serve(flags, streams));
  addConnectCommand(program, streams);
  return program;
}

const flag = <Value = string>(flags: string, help: string, extra?: OptionExtra<Value>): Option => option(APP, flags, help, extra);

function addServeOptions(program: Command): void {
  program
    .addOption(
      flag<Endpoint>('--listen <endpoint>', 'where to listen: tcp://HOST:PORT, unix:/path, unix:@name or fd:N; may be repeated', {
        default: [parseEndpoint('tcp://127.0.0.1:9000', 'tcp')],
        defaultText: 'tcp://127.0.0.1:9000',
        parse: (text) => parseEndpoint(text, 'tcp'),
        repeatable: true,
      }),
    )
    .addOption(flag('--session <name>', 'what to do with a connection', { default: 'echo', choices: sessionNames }))
    .addOption(
      flag('--mode <mode>', 'serve all at once, or one after the other (default: queue for operator, else concurrent)', {
        choices: ['concurrent', 'queue'],
      }),
    )
    .addOption(flag('--greeting <text>', 'what the session greet sends first', { default: 'hello' }))
    .addOption(quitOption())
    .addOption(framingOption())
    .addOption(maxFrameOption())
    .addOption(flag('--once', 'accept one connection, serve it, and exit', { default: false }))
    .addOption(flag('--max-connections <n>', 'connections open at the same time; one more is reset', { default: 1024, parse: parseCount }))
    .addOption(flag('--reuse-port', 'share the port with other processes that say so too', { default: false }));
  for (const each of serviceOptions(APP)) program.addOption(each);
}

function addConnectCommand(program: Command, streams: Streams): void {
  program
    .command('connect')
    .description('connect as a client: HOST:PORT or unix:/path')
    .argument('<target>', 'the server', parseHostPort)
    .addOption(flag('--session <name>', 'the conversation that the server leads', { default: 'echo', choices: sessionNames }))
    .addOption(flag('--say <text>', 'what to say; without it, lines of standard input'))
    .addOption(quitOption())
    .addOption(framingOption())
    .addOption(maxFrameOption())
    .addOption(flag('--timeout <duration>', 'how long connecting may take', { default: 5000, defaultText: '5s', parse: parseDuration }))
    .action((target: ConnectTarget, flags: ConnectFlags) =>
      runClient({ ...flags, ...framingOf(flags), target, say: flags.say, timeoutMs: flags.timeout, streams }),
    );
}

const quitOption = () => flag('--quit <word>', 'ends the conversation on both sides; empty: nothing does', { default: 'q' });
const framingOption = () => flag('--framing <name>', 'how messages are framed', { default: 'raw', choices: framingNames });
const maxFrameOption = () =>
  flag('--max-frame <size>', 'longest payload of a frame', { default: 65_536, defaultText: '64KiB', parse: parseSize });

/** The codec of `--framing` and `--max-frame`. */
function framingOf({ framing, maxFrame }: FramingFlags): { readonly codec: Codec; readonly keepsBoundaries: boolean } {
  const keepsBoundaries = FRAMINGS.some((entry) => entry.name === framing && entry.keepsBoundaries);
  return { codec: codecByName(framing, { maxPayloadBytes: maxFrame }), keepsBoundaries };
}

async function serve(flags: ServeFlags, streams: Streams): Promise<void> {
  const entry = sessionByName(flags.session);
  const console = flags.session === 'operator' ? openConsole(streams) : undefined;
  const log = openLog(flags, streams, console);
  const { codec, keepsBoundaries } = framingOf(flags);
  const metrics = createTcpEchoMetrics();
  const session = entry.create({
    greeting: flags.greeting,
    quit: flags.quit,
    codec,
    canSendEmpty: keepsBoundaries,
    console,
  });
  try {
    await runService({
      log,
      drainTimeoutMs: flags.drainTimeout,
      admin: { listen: flags.admin, app: APP, version: VERSION, metrics: metrics.service },
      start: () =>
        startTcpEcho({
          ...flags,
          endpoints: flags.listen,
          session,
          codec,
          mode: flags.mode ?? entry.defaultMode,
          ...(console === undefined ? {} : { operatorLeft: console.ended }),
          log,
          metrics,
        }),
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
