import { commandHelp, printable } from '@socklab/service';
import { formatPeer, peerName } from '../peers.ts';
import type { Audience, KnownPeer } from './audience.ts';
import type { ConsoleCommand, ConsoleLine } from '@socklab/service';

/** The commands of the operator, without their slashes. */
export type OperatorCommandName = 'who' | 'to' | 'all' | 'block' | 'quit' | 'help';

/** Every command, in the order of `/help`. */
export const OPERATOR_COMMANDS: readonly ConsoleCommand<OperatorCommandName>[] = [
  { name: 'who', arguments: [], help: 'shows who wrote recently' },
  { name: 'to', arguments: ['#N|HOST:PORT', 'TEXT'], help: 'sends to one of them, unasked' },
  { name: 'all', arguments: ['TEXT'], help: 'sends to all of them, and to the groups of --multicast and --broadcast' },
  { name: 'block', arguments: ['#N|HOST:PORT'], help: 'ignores that peer from now on; its waiting datagrams are dropped' },
  { name: 'quit', arguments: [], help: 'ends the service' },
  { name: 'help', arguments: [], help: 'shows this; two slashes begin a text that begins with one' },
];

/** A command with its arguments. */
export type OperatorCommand = Extract<ConsoleLine<OperatorCommandName>, { readonly kind: 'command' }>;

/** Peers that `/who` shows, the most recently active ones. */
const MAX_SHOWN = 100;

/** Bytes of a word that an error quotes. */
const MAX_SHOWN_BYTES = 64;

type Run = (audience: Audience, command: OperatorCommand) => string;

const RUNS: Readonly<Record<OperatorCommandName, Run>> = {
  who: (audience) => who(audience.list()),
  to: (audience, { words: [target = ''], rest }) => tellOne(target, rest, audience),
  all: (audience, { rest }) => tellAll(rest, audience),
  block: (audience, { words: [target = ''] }) => block(target, audience),
  quit: (audience) => {
    audience.quit();
    return 'ending';
  },
  help: () => commandHelp(OPERATOR_COMMANDS),
};

/** Runs a command; returns what to show the operator. */
export function runCommand(command: OperatorCommand, audience: Audience): string {
  return RUNS[command.name](audience, command);
}

function who(peers: readonly KnownPeer[]): string {
  if (peers.length === 0) return 'nobody has written yet';
  const shown = peers.slice(-MAX_SHOWN).map((known) => {
    const name = known.name === '' ? '' : ` ${known.name}`;
    return `#${known.number} ${formatPeer(known.peer)}${name}: ${known.datagramsIn} received${known.isProven ? '' : ', address not proven'}`;
  });
  const more = peers.length - shown.length;
  return [...(more > 0 ? [`${more} more, and:`] : []), ...shown].join('\n');
}

function tellOne(target: string, text: string, audience: Audience): string {
  const known = find(target, audience);
  if (typeof known === 'string') return known;
  return audience.tell(known, text) ?? `sent to ${formatPeer(known.peer)}`;
}

function tellAll(text: string, audience: Audience): string {
  const result = audience.tellAll(text);
  return typeof result === 'string' ? result : `sent to ${result}`;
}

function block(target: string, audience: Audience): string {
  const known = find(target, audience);
  if (typeof known === 'string') return known;
  return audience.block(known.peer) ? `blocked ${formatPeer(known.peer)}` : 'too many peers are blocked';
}

function find(target: string, audience: Audience): KnownPeer | string {
  const isIt = ({ number, peer }: KnownPeer): boolean => target === `#${number}` || target === peerName(peer);
  return audience.list().find(isIt) ?? `nobody known is ${printable(Buffer.from(target), MAX_SHOWN_BYTES)}; /who shows who is`;
}
