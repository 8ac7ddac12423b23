import { expect, test } from 'vitest';
import { COMMANDS, isCommand, runCommand, textOf } from '../../src/operator/operator-commands.ts';
import { peerAt } from '../gate/fake-exchange.ts';
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

const PEERS: readonly KnownPeer[] = [
  { number: 1, peer: peerAt(7001), name: '', datagramsIn: 3, isProven: true },
  { number: 12, peer: peerAt(7002, '::1'), name: 'bob', datagramsIn: 1, isProven: false },
];

test('/who tells who is known', () => {
  const { made } = audience(PEERS);
  expect(runCommand('/who', made)).toBe("#1 ('192.0.2.1', 7001): 3 received\n#12 ('::1', 7002) bob: 1 received, address not proven");
  expect(runCommand('/who', audience([]).made)).toBe('nobody wrote yet');
});

test('/who shows the 100 that wrote last', () => {
  const many = Array.from({ length: 150 }, (_, index) => ({ ...PEERS[0]!, number: index + 1 }));
  const lines = runCommand('/who', audience(many).made).split('\n');
  expect(lines).toHaveLength(101);
  expect(lines[0]).toBe('50 more, and:');
  expect(lines.at(-1)).toMatch(/^#150 /);
});

test('/to takes a number or an address, and the text as it is', () => {
  const { done, made } = audience(PEERS);
  expect(runCommand('/to #1 hello  there', made)).toBe("sent to ('192.0.2.1', 7001)");
  runCommand('/to 192.0.2.1:7001 again', made);
  expect(done).toEqual(['#1 hello  there', '#1 again']);
  expect(runCommand('/to [::1]:7002 hi', made)).toBe('not proven');
  expect(runCommand('/to #2 hi', made)).toBe('nobody known is #2; /who tells who is');
  expect(runCommand('/to', made)).toMatch(/meant: give #N or HOST:PORT/);
});

test('/all, /block and /quit do what they say', () => {
  const { done, made } = audience(PEERS);
  expect(runCommand('/all good morning', made)).toBe('sent to 1');
  expect(runCommand('/block #1', made)).toBe("blocked ('192.0.2.1', 7001)");
  expect(runCommand('/block #1', made)).toBe('too many are blocked already');
  expect(runCommand('/quit', made)).toBe('ending');
  expect(done).toEqual(['all good morning', 'block 7001', 'block 7001', 'quit']);
});

test('an unknown command names those there are', () => {
  const { made } = audience(PEERS);
  expect(runCommand('/dance now', made)).toBe('no command /dance: there are /who /to /all /block /quit /help; //dance now sends the text');
  for (const [usage, help] of COMMANDS)
    expect(runCommand('/help', made)).toMatch(new RegExp(`^${usage.replaceAll('|', String.raw`\|`)} +${help}$`, 'm'));
});

test('two slashes begin a text that begins with one', () => {
  expect(['/who', '//who', 'who', ''].map((line) => isCommand(line))).toEqual([true, false, false, false]);
  expect(['//who', 'a//b'].map((line) => textOf(line))).toEqual(['/who', 'a//b']);
});
