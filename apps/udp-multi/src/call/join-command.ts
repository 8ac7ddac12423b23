import { MAX_NAME_BYTES, MAX_TEXT_BYTES, joinRoom } from '@socklab/client/room';
import { InvalidArgumentError, option, parseTimeout, printable, withInterrupt } from '@socklab/service';
import { APP } from '../version.ts';
import { openLineConsole } from './line-console.ts';
import { parseTarget } from './values.ts';
import type { Target } from '@socklab/client';
import type { MemberOptions, RoomMember, RoomMessage } from '@socklab/client/room';
import type { Command, OperatorConsole, Option, Streams } from '@socklab/service';

/** The options of `udp-multi join`, as commander passes them. */
interface JoinFlags {
  readonly name: string;
  readonly rejoin: number;
  readonly timeout: number;
}

/** Makes every option of `udp-multi join`, in the order of the help text. */
function joinOptions(): readonly Option[] {
  return [
    option(APP, '--name <name>', `what the others call you, up to ${MAX_NAME_BYTES} bytes`, { default: '', parse: parseName }),
    option(APP, '--rejoin <duration>', 'how often to join again; less than --peer-ttl of the server', {
      default: 30_000,
      defaultText: '30s',
      parse: parseTimeout,
    }),
    option(APP, '--timeout <duration>', 'how long joining may take', { default: 5000, defaultText: '5s', parse: parseTimeout }),
  ];
}

/**
 * Adds `join HOST:PORT` to a program: it joins the room, prints what others say and sends each line of standard input,
 * until that ends or Ctrl-C; then it leaves. It fails with an error for `runProgram` to show: exit code 1, usage 2.
 */
export function addJoinCommand(program: Command, streams: Streams): void {
  const command = program
    .command('join')
    .description('join the room of a server: show what others say, and send lines of standard input')
    .argument('<target>', 'the server, HOST:PORT', parseTarget);
  for (const each of joinOptions()) command.addOption(each);
  command.action((target: Target, flags: JoinFlags) => takePart(target, flags, streams));
}

async function takePart(target: Target, { name, rejoin, timeout }: JoinFlags, streams: Streams): Promise<void> {
  const { lines, print, tell } = openLineConsole(streams);
  const onHeard: MemberOptions['onHeard'] = (message) => print(formatHeard(message));
  const onPresence = (isMember: boolean): void => tell(isMember ? 'joined' : 'the server does not answer: still trying');
  try {
    await withInterrupt(async (signal) => {
      const options = { target, name: Buffer.from(name), timeoutMs: timeout, rejoinMs: rejoin, signal, onHeard, onPresence };
      const member = await joinRoom(options);
      await sayLines(lines, member, tell, signal).finally(() => member.leave());
    });
  } finally {
    lines.close();
  }
}

async function sayLines(lines: OperatorConsole, member: RoomMember, tell: (text: string) => void, signal: AbortSignal): Promise<void> {
  for (let line = await ask(lines, signal); line !== undefined; line = await ask(lines, signal)) {
    const text = Buffer.from(line);
    if (text.length > MAX_TEXT_BYTES) tell(`a text of ${text.length} bytes is not sent; allowed: ${MAX_TEXT_BYTES}`);
    else await member.say(text);
  }
}

/** The next line; `undefined` after the last, and when it is time to leave. */
async function ask(lines: OperatorConsole, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await lines.ask(signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/**
 * `bob: hello`, `#7: hello` for a member without a name, `* hello` for the operator; text of peers is escaped. A name that could make
 * its line look like one of another is behind the number: `#7 * closing: hello`.
 */
function formatHeard(message: Extract<RoomMessage, { type: 'said' | 'announce' }>): string {
  const text = printable(message.text);
  if (message.type === 'announce') return `* ${text}`;
  return `${calledAs(message.member, printable(message.name))}: ${text}`;
}

function calledAs(member: number, name: string): string {
  if (name === '') return `#${member}`;
  return /^[*#\s]|:/.test(name) ? `#${member} ${name}` : name;
}

function parseName(text: string): string {
  const byteLength = Buffer.byteLength(text);
  if (byteLength <= MAX_NAME_BYTES) return text;
  throw new InvalidArgumentError(`a name of ${byteLength} bytes; allowed: ${MAX_NAME_BYTES}.`);
}
