import { formatPeer, peerName } from '../peers.ts';
import type { Audience, KnownPeer } from './audience.ts';

/** The commands of the operator, as `/help` and the README tell them. */
export const COMMANDS: readonly (readonly [usage: string, help: string])[] = [
  ['/who', 'who wrote lately'],
  ['/to #N|HOST:PORT TEXT', 'sends to one of them, unasked'],
  ['/all TEXT', 'sends to all of them, and to the groups of --multicast and --broadcast'],
  ['/block #N|HOST:PORT', 'hears that peer no more; what it has waiting is dropped'],
  ['/quit', 'ends the service'],
  ['/help', 'shows this'],
];

/** Peers that `/who` shows, the ones that wrote last. */
const MAX_SHOWN = 100;

/** Whether a line is a command. Two slashes begin a text that begins with one. */
export function isCommand(line: string): boolean {
  return line.startsWith('/') && !line.startsWith('//');
}

/** The text of a line that is no command. */
export function textOf(line: string): string {
  return line.startsWith('//') ? line.slice(1) : line;
}

/** Does what a command line says; returns what to show the operator. */
export function runCommand(line: string, audience: Audience): string {
  const [, name = '', rest = ''] = /^(\/\S*)\s*(.*)$/su.exec(line) ?? [];
  switch (name) {
    case '/who':
      return who(audience.list());
    case '/to':
      return tellOne(rest, audience);
    case '/all':
      return tellAll(rest, audience);
    case '/block':
      return block(rest, audience);
    case '/quit':
      audience.quit();
      return 'ending';
    case '/help':
      return help();
    default:
      return `no command ${name}: there are ${COMMANDS.map(([usage]) => usage.split(' ')[0]).join(' ')}; //${line.slice(1)} sends the text`;
  }
}

function who(peers: readonly KnownPeer[]): string {
  if (peers.length === 0) return 'nobody wrote yet';
  const shown = peers.slice(-MAX_SHOWN).map((known) => {
    const name = known.name === '' ? '' : ` ${known.name}`;
    return `#${known.number} ${formatPeer(known.peer)}${name}: ${known.datagramsIn} received${known.isProven ? '' : ', address not proven'}`;
  });
  const more = peers.length - shown.length;
  return [...(more > 0 ? [`${more} more, and:`] : []), ...shown].join('\n');
}

function tellOne(rest: string, audience: Audience): string {
  const [, target = '', text = ''] = /^(\S*)\s?(.*)$/su.exec(rest) ?? [];
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
  return audience.block(known.peer) ? `blocked ${formatPeer(known.peer)}` : 'too many are blocked already';
}

function find(target: string, audience: Audience): KnownPeer | string {
  const isIt = ({ number, peer }: KnownPeer): boolean => target === `#${number}` || target === peerName(peer);
  return audience.list().find(isIt) ?? `nobody known is ${target === '' ? 'meant: give #N or HOST:PORT' : target}; /who tells who is`;
}

function help(): string {
  const width = Math.max(...COMMANDS.map(([usage]) => usage.length));
  return COMMANDS.map(([usage, text]) => `${usage.padEnd(width)}  ${text}`).join('\n');
}
