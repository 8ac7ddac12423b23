import { createLogger, createProgram, InvalidArgumentError, option, parseEndpoint, runService, serviceOptions } from '@socklab/service';
import { demo, parseParameter } from './commands/demo/demo.ts';
import { addExerciseCommand } from './commands/exercise/command.ts';
import { addLayoutCommand } from './commands/layout/command.ts';
import { addProxyCommand } from './commands/proxy/command.ts';
import { languageOption } from './language.ts';
import { createStickyLabMetrics } from './metrics.ts';
import { addProbeCommands } from './probe-commands.ts';
import { startStickyLab } from './serve.ts';
import { APP, VERSION } from './version.ts';
import type { ParameterFlag } from './commands/demo/demo.ts';
import type { ProcessContext } from './probe-commands.ts';
import type { Experiment, Machine, Language } from '@socklab/lab';
import type { Command, Endpoint, Option, OptionExtra, ServiceFlags } from '@socklab/service';
import type { Writable } from 'node:stream';

/** Options of the program. */
export interface StickyLabContext extends ProcessContext {
  /** The experiments that it can run, in the order of the lessons. */
  readonly experiments: readonly Experiment[];
  readonly stdout: Writable;
  readonly machine: Machine;
}

interface DemoFlags {
  readonly json: boolean;
  readonly list: boolean;
  readonly param: readonly ParameterFlag[];
  readonly language: Language;
  readonly pcapng?: string;
}

interface ServeFlags extends ServiceFlags {
  readonly http: Endpoint;
  readonly table: boolean;
  readonly summary: boolean;
  readonly language: Language;
  readonly token?: string;
  readonly classToken?: string;
}

/** The command line of sticky-lab. */
export function createStickyLabProgram(context: StickyLabContext): Command {
  const program = createProgram({ name: APP, version: VERSION, description: 'See on real sockets why TCP needs message boundaries' });
  addDemoCommand(program, context);
  addServeCommand(program, context);
  addProbeCommands(program, context);
  addProxyCommand(program);
  addExerciseCommand(program, context);
  addLayoutCommand(program, context);
  return program;
}

const flag = <Value = string>(flags: string, help: string, extra?: OptionExtra<Value>): Option => option(APP, flags, help, extra);

function addDemoCommand(program: Command, context: StickyLabContext): void {
  program
    .command('demo')
    .description('run experiments and print what the sockets did; exit 1 when an answer is not the expected one')
    .argument('[ids...]', 'the experiments to run; without it, all of them')
    .addOption(flag('--list', 'list the experiments and their parameters', { default: false }))
    .addOption(flag('--json', 'print JSON', { default: false }))
    .addOption(
      flag<ParameterFlag>('--param <name=value>', 'set a parameter of the experiments named; may be repeated', {
        default: [],
        defaultText: 'those of --list',
        parse: parseParameter,
        repeatable: true,
      }),
    )
    .addOption(flag('--pcapng <file>', 'keep the packets of the runs in a file that Wireshark opens'))
    .addOption(languageOption('language of the table and the list', context.language))
    .action((ids: readonly string[], flags: DemoFlags) => demo({ ...context, ids, ...flags }));
}

function addServeCommand(program: Command, context: StickyLabContext): void {
  const serveCommand = program
    .command('serve', { isDefault: true })
    .description('run every experiment once, then serve a page with the results; the default')
    .addOption(
      flag<Endpoint>('--http <address>', 'where to serve the page: HOST:PORT or unix:/path', {
        default: parseEndpoint('127.0.0.1:8080', 'tcp'),
        defaultText: '127.0.0.1:8080',
        parse: (text) => parseEndpoint(text, 'tcp'),
      }),
    )
    .addOption(flag('--token <secret>', 'secret that the page asks for; required when other machines can connect', { parse: parseToken }))
    .addOption(flag('--class-token <secret>', 'secret of a class, which may run lessons and nothing else', { parse: parseToken }))
    .addOption(flag('--table', 'print the results before serving', { default: false }))
    .addOption(flag('--summary', 'print the answers before serving, a line each', { default: false }))
    .addOption(languageOption('language of the output', context.language))
    .action((flags: ServeFlags) => serve(flags, context));
  for (const each of serviceOptions(APP)) serveCommand.addOption(each);
}

const SHORTEST_TOKEN = 16;

/** @throws InvalidArgumentError for one that is easy to guess, or that a URL cannot carry. */
function parseToken(text: string): string {
  if (/^[\w.~-]+$/.test(text) && text.length >= SHORTEST_TOKEN) return text;
  throw new InvalidArgumentError(
    `a token has at least ${SHORTEST_TOKEN} of the characters A-Z a-z 0-9 - . _ ~, as \`openssl rand -hex 16\` gives them.`,
  );
}

function serve({ logLevel: level, logFormat: format, ...flags }: ServeFlags, context: StickyLabContext): Promise<void> {
  const log = createLogger({ app: APP, level, format });
  const metrics = createStickyLabMetrics();
  return runService({
    log,
    drainTimeoutMs: flags.drainTimeout,
    drainDelayMs: flags.drainDelay,
    admin: { listen: flags.admin, app: APP, version: VERSION, metrics: metrics.service },
    start: ({ signal }) => startStickyLab({ ...context, ...flags, log, metrics, signal }),
  });
}
