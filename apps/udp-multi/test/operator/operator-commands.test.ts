import { commandUsage, parseConsoleLine } from '@socklab/service';
import { expect, test } from 'vitest';
import { OPERATOR_COMMANDS, runCommand } from '../../src/operator/operator-commands.ts';
import { peerAt } from '../gate/fake-channel.ts';
import type { Audience, KnownPeer } from '../../src/operator/audience.ts';

function audience(peers: readonly KnownPeer[]) {
  const done: string[] = [];
  const made: Audience = {
    list: () => peers,
    tell: ({ number, isProven }, text) => (isProven ? void done.push(`#${number} ${text}`) : 'not proven'),
    tellAll: (text) => done.push(`all ${text}`),
    block: ({ port }) => done.push(`block ${port}`) < 3,
    quit: () => done.push('quit'),
  };
  return { done, made };
}

/** What the operator is shown after a line. */
function enter(line: string, made: Audience): string {
  const entered = parseConsoleLine(line, OPERATOR_COMMANDS);
  if (entered.kind === 'command') return runCommand(entered, made);
  return entered.kind === 'error' ? entered.error : entered.text;
}

const PEERS: readonly KnownPeer[] = [
  { number: 1, peer: peerAt(7001), name: '', datagramsIn: 3, isProven: true },
  { number: 12, peer: peerAt(7002, '::1'), name: 'bob', datagramsIn: 1, isProven: false },
];

test('/who tells who is known', () => {
  const { made } = audience(PEERS);
  expect(enter('/who', made)).toBe("#1 ('192.0.2.1', 7001): 3 received\n#12 ('::1', 7002) bob: 1 received, address not proven");
  expect(enter('/who', audience([]).made)).toBe('nobody has written yet');
});

test('/who shows the 100 that wrote last', () => {
  const many = Array.from({ length: 150 }, (_, index) => ({ ...PEERS[0]!, number: index + 1 }));
  const lines = enter('/who', audience(many).made).split('\n');
  expect(lines).toHaveLength(101);
  expect(lines[0]).toBe('50 more, and:');
  expect(lines.at(-1)).toMatch(/^#150 /);
});

test('/to takes a number or an address, and the text as it is', () => {
  const { done, made } = audience(PEERS);
  expect(enter('/to #1 hello  there', made)).toBe("sent to ('192.0.2.1', 7001)");
  enter('/to 192.0.2.1:7001 again', made);
  expect(done).toEqual(['#1 hello  there', '#1 again']);
  expect(enter('/to [::1]:7002 hi', made)).toBe('not proven');
  expect(enter('/to #2 hi', made)).toBe('nobody known is #2; /who shows who is');
  expect(enter('/to', made)).toBe('/to: #N|HOST:PORT is missing; usage: /to #N|HOST:PORT TEXT');
  expect(enter('/to #1', made)).toBe('/to: TEXT is missing; usage: /to #N|HOST:PORT TEXT');
});

test('/all, /block and /quit do what they say', () => {
  const { done, made } = audience(PEERS);
  expect(enter('/all good morning', made)).toBe('sent to 1');
  expect(enter('/block #1', made)).toBe("blocked ('192.0.2.1', 7001)");
  expect(enter('/block #1', made)).toBe('too many peers are blocked');
  expect(enter('/quit', made)).toBe('ending');
  expect(done).toEqual(['all good morning', 'block 7001', 'block 7001', 'quit']);
});

test('an unknown command names those there are', () => {
  const { made } = audience(PEERS);
  expect(enter('/dance now', made)).toBe(
    'unknown command /dance; commands: /who /to /all /block /quit /help; begin a text with two slashes',
  );
  const help = enter('/help', made).split('\n');
  expect(help).toEqual(OPERATOR_COMMANDS.map((command) => expect.stringContaining(commandUsage(command))));
});
