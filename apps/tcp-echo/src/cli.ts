import { createProgram, parseHostPort, parseTimeout } from '@socklab/service';
import { addCallCommand } from './call/index.ts';
import { runClient } from './client/client.ts';
import { checkSendable } from './operator/sendable.ts';
import { flag, framingOf, framingOptions, quitOption } from './options.ts';
import { serveOptions } from './serve-options.ts';
import { serve } from './serve.ts';
import { sessionNames } from './sessions/index.ts';
import { APP, VERSION } from './version.ts';
import type { FramingFlags } from './options.ts';
import type { ServeFlags } from './serve-options.ts';
import type { ProcessContext } from './serve.ts';
import type { Command, ConnectTarget } from '@socklab/service';

interface ConnectFlags extends FramingFlags {
  readonly session: string;
  readonly say?: string;
  readonly quit: string;
  readonly timeout: number;
}

/** The sessions that have a client side for a person. */
const conversations = sessionNames.filter((name) => ['echo', 'greet', 'operator'].includes(name));

/** The command line of tcp-echo. */
export function createTcpEchoProgram(context: ProcessContext): Command {
  const program = createProgram({ name: APP, version: VERSION, description: 'A TCP echo service: a lesson, and a test target' });
  for (const each of serveOptions()) program.addOption(each);
  program.action((flags: ServeFlags) => serve(flags, context));
  addConnectCommand(program, context);
  addCallCommand(program, context.streams);
  return program;
}

function addConnectCommand(program: Command, { streams }: ProcessContext): void {
  const connect = program
    .command('connect')
    .description('connect as a client: HOST:PORT or unix:/path')
    .argument('<target>', 'the server', parseHostPort)
    .addOption(flag('--session <name>', 'the session of the server', { default: 'echo', choices: conversations }))
    .addOption(flag('--say <text>', 'what to say; without it, lines of standard input'))
    .addOption(quitOption());
  for (const each of framingOptions()) connect.addOption(each);
  connect
    .addOption(flag('--timeout <duration>', 'how long connecting may take', { default: 5000, defaultText: '5s', parse: parseTimeout }))
    .action((target: ConnectTarget, flags: ConnectFlags) => {
      const framing = framingOf(flags);
      checkSendable('--say', flags.say ?? '', framing);
      if (flags.session === 'operator') checkSendable('--quit', flags.quit, framing);
      return runClient({ ...flags, ...framing, target, say: flags.say, timeoutMs: flags.timeout, streams });
    });
}
