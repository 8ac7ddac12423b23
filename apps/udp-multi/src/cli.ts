import { createProgram, parseDuration } from '@socklab/service';
import { addCallCommand, addJoinCommand } from './call/index.ts';
import { parseTarget } from './call/values.ts';
import { runClient } from './client.ts';
import { flag, quitOption, serveOptions } from './options/serve-options.ts';
import { serve } from './serve.ts';
import { APP, VERSION } from './version.ts';
import type { ProcessContext, ServeFlags } from './options/serve-options.ts';
import type { Command, Streams } from '@socklab/service';

interface SendFlags {
  readonly say?: string;
  readonly quit: string;
  readonly timeout?: number;
}

const DEFAULT_SAY_TIMEOUT_MS = 5000;

/** A process without inherited sockets. */
const BARE_CONTEXT: ProcessContext = { env: {}, pid: 0 };

/** The command line of udp-multi. */
export function createUdpMultiProgram(streams: Streams, context: ProcessContext = BARE_CONTEXT): Command {
  const program = createProgram({ name: APP, version: VERSION, description: 'A UDP service for many peers: a lesson, and a test target' });
  for (const each of serveOptions(context)) program.addOption(each);
  program.action((flags: ServeFlags) => serve(flags, streams, context));
  addSendCommand(program, streams);
  addCallCommand(program, streams);
  addJoinCommand(program, streams);
  return program;
}

function addSendCommand(program: Command, streams: Streams): void {
  program
    .command('send')
    .description('send datagrams to a server and show its answers')
    .argument('<target>', 'the server, HOST:PORT', parseTarget)
    .addOption(flag('--say <text>', 'the one datagram to send; without it, each line of standard input'))
    .addOption(quitOption())
    .addOption(
      flag<number>('--timeout <duration>', 'how long each answer may take; 0: for ever (default: 5s with --say, else 0)', {
        parse: parseDuration,
      }),
    )
    .action((target: { host: string; port: number }, { say, quit, timeout }: SendFlags) => {
      const timeoutMs = timeout ?? (say === undefined ? 0 : DEFAULT_SAY_TIMEOUT_MS);
      return runClient({ target, say, quit, timeoutMs, streams });
    });
}
